"""Cards that messages of flows, campaigns and answers share, with their words."""
