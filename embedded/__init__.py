"""Runs the whole product on one machine: PostgreSQL, Valkey, web, worker and scheduler as one tree of processes.

`dev.py` prepares the environment and calls `python -m embedded VERB`. Nothing here imports the applications.
"""
