"""The HTTP API for orders, reversals and link codes: keys, schemas, answers and the OpenAPI description.
Recording an order is `customers/orders/`'s."""
