"""Campaigns: one message to a group of customers at a time the shop sets."""
