"""Orders and their reversals: stored once, assigned to a buyer, parked when a state or currency is unknown.
Points are `rewards/`'s."""
