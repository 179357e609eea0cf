"""Access to the console: accounts, sign-in, sessions, second factor, and which role may open which page.

What the pages show is left to the other packages; recording changes to `console/shell/audit.py`.
"""
