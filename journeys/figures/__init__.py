"""Figures of flows for the console, counted by set-based queries."""
