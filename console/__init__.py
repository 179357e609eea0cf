"""The web pages of staff and owner: chats, figures, settings of the shop. Server-rendered.

What the figures, points and tickets mean is defined in the domains; replies to customers are sent by the
worker.
"""
