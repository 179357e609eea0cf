"""Japanese text for comparing and searching: clauses, spellings, BM25. Pure.

What is searched is left to `support/faq/` and `support/transcript/`.
"""
