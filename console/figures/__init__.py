"""The pages of the owner's figures: NPS, answers, sales, ranks, referrals, satisfaction.

Each figure is defined and counted in its domain; figures that join domains are put together here.
"""
