"""Who owes what: the responsibility matrix of a system."""
