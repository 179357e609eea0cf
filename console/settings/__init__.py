"""The shop's settings (all that shop.toml holds) as pages: by subject, with search, versions, and the file.

How a change is checked, stored and put in force is `bot/shop_versions.py`'s.
"""
