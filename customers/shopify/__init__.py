"""Shopify's webhooks: verified, read, taken in as orders."""
