"""Runs the product against a simulation of LINE on this machine: the platform, a phone page, a sample shop.

The product is not changed for it: its own processes run with LINE_API_URL set to the platform.
"""
