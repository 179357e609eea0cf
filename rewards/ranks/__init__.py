"""A customer's rank: what counts for it, when it rises and falls, how they hear of it. Points are `ledger/`'s."""
