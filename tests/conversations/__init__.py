"""Conversations: what customers write and what the bot answers, through the real webhook, routing, outbox and
LINE API."""
