"""Translates the console's sentences into the reader's language. The Japanese sentence is the key.

After a sentence has changed, `script/translations` updates the English catalogue and names what is missing.
"""

import flask_babel


def N_(sentence: str) -> str:  # noqa: N802 # the name by which sentences are found that are translated later
    """Mark a sentence for translation without translating it: `gettext` does that once the reader is known."""
    return sentence


def gettext(sentence: str, **values: object) -> str:
    """The sentence in the language of this request."""
    return str(flask_babel.gettext(sentence, **values))


def reads_english() -> bool:
    """Whether this request is answered in English."""
    return str(flask_babel.get_locale()) == "en"


def ngettext(one: str, many: str, count: int, **values: object) -> str:
    """The sentence for that number, with `%(num)d` in it."""
    return str(flask_babel.ngettext(one, many, count, **values))
