"""The customer and the days on which they were active."""
