"""The form in which tags are stored and compared. Pure."""

import unicodedata

LONGEST = 60


def plain(tag: str) -> str:
    """A tag in its stored form: normal width, single blanks, without # and commas; empty when nothing is left."""
    text = unicodedata.normalize("NFKC", tag).replace(",", " ").lstrip("# ")
    return " ".join(text.split())[:LONGEST].strip()
