"""Ties a buyer of the shop's system to a LINE account."""
