"""Draws cards, icons and QR codes as pictures. What stands on them is for the packages that ask."""
