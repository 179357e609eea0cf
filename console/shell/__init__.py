"""What all pages share: menu, layout values, translations, polling, CSV files, the audit log, error pages.

Knows nothing of a single page's subject.
"""
