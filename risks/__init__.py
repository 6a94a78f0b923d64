"""The risk register, one package per subject."""
