"""Where staff answer customers: lists of tickets, the chat, what is shown beside it, and the reply box.

Replies and resolutions become events; the worker carries them out. Tickets themselves are `support/tickets/`.
"""
