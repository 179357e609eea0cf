"""Finds customers by what staff know of them: a name, a number, a tag."""
