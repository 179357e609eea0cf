"""Messages that the shop sends unasked: flows of steps (`flows/`, `enrolments/`), the limits and the budget of
everything unasked (`sending/`), short links and their clicks (`links/`), and the explanation afterwards (`traces/`).

What happened to a customer elsewhere (a rank, an answer, a ticket) is passed in by `handlers/`.
"""
