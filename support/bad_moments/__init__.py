"""Danger, injury, damage and anger: the first advice, the ticket's urgency, and the quiet period after a complaint.

Classifying a text is left to `support/listening/`, sending to `handlers/bad_moments.py`.
"""
