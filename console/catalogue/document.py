"""`docs/figures.md`: every figure with its definition, in English with its Japanese title.

Written from the definitions by `manage.py figures doc`; a test holds the file equal to them.
"""

from collections.abc import Iterator

from console.catalogue import subjects
from console.figures import wording
from console.figures.definition import Definition, Unit
from console.figures.wording import Words

TOP = """# The figures, and how each is counted

`manage.py figures doc` prints this file from `console/figures/definitions/`; change it there. Each figure has a page
with its value and the people in it (`/console/figures/NAME`), and `manage.py figures explain NAME` says the same in a
terminal. Windows end on the day they are counted for, which is today unless a command says otherwise; all days are the
shop's own. Intervals are those of 95 % and are shown from-to: of shares Wilson's, of averages Student's, of ratios by
the delta method on the logarithm with Welch and Satterthwaite's degrees of freedom. The
effect of contact has a range that holds at every look (Waudby-Smith and others 2021, equation 9, narrowest at 500
people), put into Newcombe's square-and-add with the wider of Wilson's and the likelihood-ratio range of each share;
there is none where the sides are so unequal that chance explains it less than once in a thousand times. "Latest" is by
when it was stored; medians of an even number are halfway between the middle two.
"""
UNITS = {
    Unit.SHARE: "per cent",
    Unit.RATIO: "times as much",
    Unit.SCORE: "score from -100 to 100",
}


def markdown() -> str:
    """The whole file."""
    return "\n".join([TOP, *_lines(wording.of_language("en"))]).rstrip("\n") + "\n"


def _lines(words: Words) -> Iterator[str]:
    for subject in subjects.all_subjects():
        yield f"## {words.gettext(subject.title)} ({subject.title})"
        yield ""
        for figure in subject.figures:
            yield from _figure(figure, words)


def _figure(figure: Definition, words: Words) -> Iterator[str]:
    yield f"### `{figure.name}`"
    yield ""
    yield f"**{words.gettext(figure.title)}** ({figure.title})"
    yield ""
    yield words.gettext(figure.meaning)
    yield ""
    yield f"- Counted over: {words.gettext(figure.population)}"
    yield f"- Window: {words.gettext(figure.window_text)}"
    yield f"- Unit: {UNITS.get(figure.unit, figure.unit.value)}"
    if figure.benchmark:
        yield f"- Compare with: {words.gettext(figure.benchmark)}"
    yield f"- List of people: {'yes' if figure.people is not None else 'no'}"
    yield ""
