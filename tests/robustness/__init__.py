"""Robustness of every entry point: hostile, random and ordinary requests through the whole web process and the
worker."""
