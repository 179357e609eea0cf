"""What customers wrote after their score: found, tagged, read."""
