"""The shop's LINE accounts: the main one, and the optional second one for individual contact.

Both are Messaging API channels of the same provider, so a customer has the same user id in both. Who is a
friend of the second one is in `bot/queue/support_friends.py`.
"""

MAIN, SUPPORT = "main", "support"
"""Stored in `inbox_event.channel` and `outbox_message.channel`; never rename a value."""
