"""What a customer wants changed of an order or a subscription: noted in the ticket, asked for in one message.

How a request is recognised is `support/listening/changes.py`; when it is answered is left to
`handlers/changes_asked.py`.
"""
