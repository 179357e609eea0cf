"""Referrals: invitation codes, who joined by one and bought, and which pairs staff must check. The points of
both sides are entries of `ledger/`."""
