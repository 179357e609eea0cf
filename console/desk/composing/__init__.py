"""What staff put into a reply beside its text: files, gifts, and the customer's orders to write about.

The reply itself is checked and stored by `replies.py`.
"""
