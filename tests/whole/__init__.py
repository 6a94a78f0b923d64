"""The product as a whole: every address against one table of who may use it."""
