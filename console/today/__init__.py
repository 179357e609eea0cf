"""The owner's page 「きょう」: what to do today, what is left to set up, and the shop's figures with their changes."""
