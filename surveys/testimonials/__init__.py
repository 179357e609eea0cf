"""Testimonials (お客様の声): written, consented to, decided on by staff, published on the public page, withdrawn.

The conversation around them is left to `handlers/testimonials.py`, points to `rewards/`.
"""
