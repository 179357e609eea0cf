"""People inside a flow whose structure was changed: who is where, what the owner chose for them, moving them."""
