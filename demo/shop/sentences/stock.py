"""Gives out sentences so that each is used once: first those of the wanted topic, then others of the same stock."""

from collections.abc import Sequence

Topic = tuple[str, ...]
Stock = tuple[Topic, ...]


class UnusedSentences:
    """Which sentences of a shop were used already."""

    def __init__(self) -> None:
        self._used: set[str] = set()

    def next_of(self, topic: Topic, stock: Sequence[Topic]) -> str:
        """The next unused sentence of the topic, else of the stock it belongs to; from the beginning again where all
        were used."""
        unused = self.left_of(topic, stock)
        if unused is None:
            self._used -= {each for some in (topic, *stock) for each in some}
            unused = self.left_of(topic, stock)
        return unused or topic[0]

    def left_of(self, topic: Topic, stock: Sequence[Topic]) -> str | None:
        """The same; None where all were used."""
        everything = [*topic, *(each for other in stock for each in other)]
        unused = next((each for each in everything if each not in self._used), None)
        if unused is not None:
            self._used.add(unused)
        return unused
