"""The FAQ: entries and their versions, search by words and meaning, what customers asked, and what is missing.

Replies are sent by `handlers/questions.py`; staff edit entries in `console/faq/`.
"""
