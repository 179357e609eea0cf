"""The colour of each rank, on cards, menus and the member card."""

from rewards.ranks.rules import Rank

COLOUR = {
    Rank.BASIC: "#4C6B5F",
    Rank.ACTIVE: "#1F6F8B",
    Rank.PREMIUM: "#6A4C93",
    Rank.AMBASSADOR: "#8A5A00",
}
"""White is readable on each of them (contrast 4.5 or more)."""
