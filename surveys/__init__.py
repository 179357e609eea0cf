"""The survey (would you recommend us, 0 to 10), its comments and figures, and testimonials.

What points an answer earns is left to `rewards/`, a ticket after a low score to `support/`; `handlers/` joins
them.
"""
