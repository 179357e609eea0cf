"""Comments that customers wrote after their score: search, tags, and whether staff have read them.

Storing a comment is left to `surveys/nps/answers.py`.
"""
