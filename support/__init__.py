"""Help for customers: classifying a message, the FAQ, tickets for staff, satisfaction, and the transcript of a chat.

Knows no points and no survey answers; `handlers/` joins it with those.
"""
