"""A sentence in both languages: Japanese, as it is written, with its English beside it. Pure."""

from collections.abc import Iterable


class Sentence(str):
    """A Japanese sentence that has its English in `en`; everywhere else it is a plain string."""

    en: str
    __slots__ = ("en",)

    def __new__(cls, ja: str, en: str) -> "Sentence":
        """The sentence in both languages."""
        made = super().__new__(cls, ja)
        made.en = en
        return made


def english(said: str) -> str:
    """Its English; the sentence itself where it has none."""
    return said.en if isinstance(said, Sentence) else said


def joined(parts: Iterable[str]) -> Sentence:
    """Several sentences as one."""
    found = list(parts)
    return Sentence("／".join(found), " / ".join(english(each) for each in found))
