"""Alerts to staff that a chat needs them: what is worth one, who gets it, by which way and when.

Sending them, and staff's pages, are in `console/notifications/`.
"""
