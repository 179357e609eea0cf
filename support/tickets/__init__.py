"""Tickets: opened, promised, assigned, snoozed, resolved; their notes and tags; and the queues staff work through.

Messages to customers are sent by `handlers/tickets.py`; staff's pages are in `console/desk/`.
"""
