"""Messages that the shop sends unasked.

Flows: `flows/` (what the owner writes), `enrolments/` (customers on their way), `taking_in/`, `moves/` (to another
version), `walk_through/`, `figures/`. Every unasked message: `sending/` (limits, budget), `links/`, `traces/` (why it
was sent, or not). What happened to a customer elsewhere (a rank, an answer) is passed in by `handlers/`.
"""
