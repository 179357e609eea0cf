"""What a reply of staff carries beside its text: pictures, videos and documents, and gifts.

Bytes are stored as customers' media are (`bot/files/media.py`). What a gift is worth, and giving it, is left to
`rewards/` and `handlers/tickets.py`; the reply box to `console/desk/composing/`.
"""
