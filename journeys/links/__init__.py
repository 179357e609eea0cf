"""Short links to addresses that the shop stored, and the clicks of customers on them."""
