"""A customer's rank: what counts for it, when it rises and falls, and the messages about it. Points are
`ledger/`'s, gifts for a rank `coupons/`'s."""
