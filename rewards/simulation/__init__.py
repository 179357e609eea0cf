"""Tries new rules of points and ranks over the real history, without writing any of it."""
