"""Simulates new rules of points and ranks over the real history. It changes nothing; the console shows the
results."""
