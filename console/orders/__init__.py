"""Orders that wait for a decision, and the keys and links of the shop's own systems."""
