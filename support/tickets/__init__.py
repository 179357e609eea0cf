"""Tickets: opened, promised, assigned, put aside, resolved; and the lists that staff work through."""
