"""Alerts to staff: their page and devices, what makes the console an app, and sending web push.

What is worth an alert, and whose it is, is in `support/alerts/`. What the worker uses imports no Flask.
"""
