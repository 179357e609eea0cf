"""Business hours and holidays: whether staff are there, working time, and the answer to 「営業時間は？」.

What is promised by when is left to `support/tickets/`.
"""
