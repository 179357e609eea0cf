"""Orders and their reversals: taken in once, tied to a buyer, parked when not understood. Points are the rewards'."""
