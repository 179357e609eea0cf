"""The plan of the sample shop: its products, the lives of its customers, and the causes behind its figures.

Writes nothing but what the owner says of the products.
"""
