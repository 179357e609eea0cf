"""Copies the whole shop into one file while it runs, and puts it back: database and pictures, with counts and
checksums."""
