"""Serves the set-up page of the first start, and goes on as the product when it is done. The page itself is
`console/first_start/`; whether it is due says `bot/config/first_start.py`."""
