"""The inventory: AI systems, their profile answers, and which threats follow from these."""
