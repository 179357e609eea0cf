"""Parts of Flex cards: a coloured header, a panel, a gift. Their content comes with the call."""

from bot.line import messages as line
from bot.line.messages import Component

LEAF = "#1A7F4B"
PALE = "#F2F6F4"
WHITE = "#FFFFFF"


def header(above: str, large: str, unit: str, colour: str, size: str = "xxl") -> Component:
    """The header of a card, with one text in large letters."""
    top = [line.words(above, size="sm", color=WHITE)] if above else []
    main = [line.words(large, size=size, weight="bold", color=WHITE, flex=0)]
    if unit:
        main.append(line.words(unit, size="sm", color=WHITE, flex=0, margin="sm", wrap=False))
    return line.column(
        [*top, line.row(main, alignItems="flex-end" if unit else "center")],
        backgroundColor=colour,
        paddingAll="20px",
        spacing="xs",
    )


def panel(contents: list[Component]) -> Component:
    """A shaded field for the most important part of a card."""
    return line.column(
        contents, backgroundColor=PALE, cornerRadius="10px", paddingAll="14px", spacing="sm", margin="md"
    )


def gift(whose: str, points: int) -> Component:
    """What one side of a referral gets."""
    return line.column(
        [
            line.words(whose, size="xs", color=line.FAINT, align="center"),
            line.words(f"{points:,}pt", size="xl", weight="bold", color=LEAF, align="center", wrap=False),
        ],
        backgroundColor=PALE,
        cornerRadius="10px",
        paddingAll="12px",
        flex=1,
    )
