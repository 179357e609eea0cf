"""The phone page in the browser with its JSON API, and the same phone as a Python object for scripts and tests.

What an action means on the platform is `demo/line/`'s.
"""
