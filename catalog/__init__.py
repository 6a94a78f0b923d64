"""Published knowledge: editions of threats, controls, profile questions and rules, and the pages of them."""
