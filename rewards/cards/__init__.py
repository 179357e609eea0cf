"""The member card and the pictures of the rich menu."""
