"""Text from customers never becomes a formula in an exported CSV."""

import pytest

from bot.text import spreadsheet


@pytest.mark.parametrize("cell", ["=1+1", "+81", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_what_could_be_a_formula_is_text(cell: str) -> None:
    assert spreadsheet.harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "花子", "a=b", "'quoted'"])
def test_anything_else_stays_as_it_is(cell: str) -> None:
    assert spreadsheet.harmless(cell) == cell
