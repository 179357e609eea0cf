"""The FAQ: entries and their versions, search by words and meaning, what was asked and what is missing."""
