"""What happened: the append-only journal, the one way to write, and the outbox. Knows nothing of risks."""
