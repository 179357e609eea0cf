"""Conversations: the customer says, the bot answers, through the real webhook, routing, outbox and LINE's HTTP API."""
