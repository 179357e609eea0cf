"""The pages of individual contact: the customers whom staff write to today, and what came of it."""
