"""Where staff and the owner manage points, ranks, rewards, coupons, referrals and testimonials."""
