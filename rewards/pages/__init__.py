"""Public web pages of referrals and coupons, and joining by LINE Login."""
