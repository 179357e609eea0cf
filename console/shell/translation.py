"""Translates the console's sentences into the reader's language. The Japanese sentence is the key.

flask_babel is imported only where a request is answered: the clock counts figures whose definitions are marked here,
without Flask.

After a sentence has changed, `script/translations` updates the English catalogue and names what is missing.
"""


def N_(sentence: str) -> str:  # noqa: N802 # the name by which sentences are found that are translated later
    """Mark a sentence for translation without translating it: `gettext` does that once the reader is known."""
    return sentence


def gettext(sentence: str, **values: object) -> str:
    """The sentence in the language of this request."""
    import flask_babel  # see above

    return str(flask_babel.gettext(sentence, **values))


def reads_english() -> bool:
    """Whether this request is answered in English."""
    import flask_babel  # see above

    return str(flask_babel.get_locale()) == "en"


def ngettext(one: str, many: str, count: int, **values: object) -> str:
    """The sentence for that number, with `%(num)d` in it."""
    import flask_babel  # see above

    return str(flask_babel.ngettext(one, many, count, **values))
