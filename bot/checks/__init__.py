"""Checks whether everything that Goen depends on is well, for `manage.py doctor` and the console's page
動作の確認; both list what `running.py` gives. What is amiss is mended by people."""
