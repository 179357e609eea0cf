"""Charts as SVG drawn by the server: what is drawn (`values.py`), its geometry, and the macros that print it with its
table.
"""
