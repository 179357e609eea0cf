"""The owner's pages of orders that wait for a decision, and of the API keys of the shop's systems.

Reading and recording orders is `customers/orders/`'s.
"""
