"""The public web pages of referrals, coupons, member cards and ranks, and joining by LINE Login. Rewards for
joining are given in `handlers/`."""
