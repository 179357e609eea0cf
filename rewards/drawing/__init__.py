"""Draws the parts of cards, icons and QR codes. What they show is decided by the packages that use it."""
