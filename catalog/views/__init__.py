"""The pages of the catalog. Each reads what is in force, which is kept in the process: one query."""
