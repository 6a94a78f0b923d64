"""A believable organisation to look around in: an insurer with six teams and twelve AI systems. Never in production."""
