"""The guide through what is left of set-up once Goen runs: answers, hours, menus, orders, the first question.

What is left at all, and LINE's side of it, is `console/today/set_up.py`'s list on the owner's first page.
"""
