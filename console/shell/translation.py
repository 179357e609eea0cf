"""Decides nothing: the console's sentences in the reader's language. The Japanese sentence is the source.

After a sentence has changed, `script/translations` brings the English up to date and names what lacks it.
"""

import flask_babel


def N_(sentence: str) -> str:  # noqa: N802 # the name by which sentences are found that are translated later
    """The sentence as it is, marked for translation: `gettext` says it when it is known to whom."""
    return sentence


def gettext(sentence: str, **values: object) -> str:
    """The sentence in the language of this request."""
    return str(flask_babel.gettext(sentence, **values))


def ngettext(one: str, many: str, count: int) -> str:
    """The sentence for that number of things, `%(num)d` in it."""
    return str(flask_babel.ngettext(one, many, count))
