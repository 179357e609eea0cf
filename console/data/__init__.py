"""Pages about the shop's data: exports, backups, retention, and what one customer may ask for: their own data, and its
erasure."""
