"""Web push (RFC 8030): our key, encrypted messages to browsers' push services, and what their answers mean.

To whom, when and what is left to `console/notifications/`.
"""
