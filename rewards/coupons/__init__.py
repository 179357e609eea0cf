"""Rewards and coupons: exchanged for points or given on occasions, within the legal cap on gifts. Points are
`ledger/`'s."""
