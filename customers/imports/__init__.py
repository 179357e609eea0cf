"""Imports of files that the owner gave: stored, understood, taken in by the clock a part at a time, and undone. Reading
the files is `customers/csv/`'s."""
