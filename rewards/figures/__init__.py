"""Figures of referrals, ranks and points over time. Showing them is left to `console/`."""
