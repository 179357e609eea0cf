"""The transcript of a chat, read from inbox and outbox, and its search.

Showing it is left to `console/desk/`.
"""
