"""Reads amounts, dates, addresses and identities as other systems write them, strictly, and words the errors.
Pure."""
