"""The survey: who is asked and when, the score from 0 to 10, the comment, and the Net Promoter Score.

Points and tickets that follow an answer are left to `handlers/score_answered.py`.
"""
