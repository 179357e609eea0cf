"""Reads stored events into types and finds the handler of each. What a handler does is left to `handlers/`."""
