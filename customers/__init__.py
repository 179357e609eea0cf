"""The shop's customers, their orders and how these reach us; points, ranks and messages are for the domains
that use it."""
