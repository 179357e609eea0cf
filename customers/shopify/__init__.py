"""Receives Shopify's webhooks: verifies and reads them, and passes them on as orders and reversals to
`customers/orders/`."""
