"""The HTTP API for orders, reversals and links: keys, answers, its OpenAPI description."""
