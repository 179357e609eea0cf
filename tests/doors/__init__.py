"""Doors: whatever anybody sends, on both databases, through the whole web process and the worker."""
