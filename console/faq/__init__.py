"""Where staff edit the FAQ, import and export it, and add what customers asked without an answer.

Entries, search and versions are `support/faq/`'s.
"""
