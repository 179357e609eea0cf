"""Where staff and the owner manage points, ranks, rewards, coupons, referrals and testimonials.

The rules are `rewards/`'s and `surveys/`'s; what a decision changes for a customer is carried out by the
worker.
"""
