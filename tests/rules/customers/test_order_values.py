"""Amounts, dates and addresses as people write them in shop systems and spreadsheets."""

# ruff: noqa: DTZ001 -- a moment without a zone, on the shop's clock, is what most of these texts hold

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.values import identities, parsing, postal
from customers.values.parsing import BadValue

TOKYO = timezone(timedelta(hours=9))


@pytest.mark.parametrize(
    ("written", "yen"),
    [
        ("5400", 5400),
        ("5,400", 5400),
        ("¥5,400", 5400),
        ("￥5,400", 5400),
        ("\\5,400", 5400),
        ("5,400円", 5400),
        ("５，４００円", 5400),
        (" 5400 ", 5400),
        ("5400.00", 5400),
        ("1,234,567", 1234567),
        ("0", 0),
        ("-500", -500),
        ("¥-500", -500),
        ("−500", -500),
        ("007", 7),
    ],
)
def test_an_amount_is_read(written: str, yen: int) -> None:
    assert parsing.yen(written) == yen


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "bad_yen"),
        ("五千円", "bad_yen"),
        ("5.4", "bad_yen"),
        ("5400.50", "bad_yen"),
        ("54,00", "bad_yen"),
        ("5400ドル", "bad_yen"),
        ("=1+1", "bad_yen"),
        ("1e5", "bad_yen"),
        ("--5", "bad_yen"),
        ("100,000,000", "too_much_yen"),
        ("9" * 5000, "too_much_yen"),
    ],
)
def test_what_is_no_amount_is_refused(written: str, code: str) -> None:
    with pytest.raises(BadValue) as refused:
        parsing.yen(written)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026/1/5", datetime(2026, 1, 5)),
        ("2026-01-05", datetime(2026, 1, 5)),
        ("2026.01.05", datetime(2026, 1, 5)),
        ("20260105", datetime(2026, 1, 5)),
        ("2026年1月5日", datetime(2026, 1, 5)),
        ("2026年1月5日（月）", datetime(2026, 1, 5)),
        ("2026-01-05 13:20", datetime(2026, 1, 5, 13, 20)),
        ("2026/1/5  9:05:30", datetime(2026, 1, 5, 9, 5, 30)),
        ("２０２６／１／５　１３：２０", datetime(2026, 1, 5, 13, 20)),
        ("2026年1月5日 13時20分", datetime(2026, 1, 5, 13, 20)),
        ("2026年1月5日13時20分5秒", datetime(2026, 1, 5, 13, 20, 5)),
        ("2026-01-05T13:20:00+09:00", datetime(2026, 1, 5, 13, 20, tzinfo=TOKYO)),
        ("2026-01-05 13:20:11 +0900", datetime(2026, 1, 5, 13, 20, 11, tzinfo=TOKYO)),
        ("2026-01-05T04:20:00Z", datetime(2026, 1, 5, 4, 20, tzinfo=UTC)),
        ("2026-01-05T04:20:00.5Z", datetime(2026, 1, 5, 4, 20, 0, 500000, tzinfo=UTC)),
        ("2024-02-29", datetime(2024, 2, 29)),
    ],
)
def test_a_date_is_read(written: str, moment: datetime) -> None:
    read = parsing.moment(written)
    assert (read, read.tzinfo is None) == (moment, moment.tzinfo is None)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "bad_date"),
        ("昨日", "bad_date"),
        ("1/5/2026", "bad_date"),
        ("26/1/5", "bad_date"),
        ("46027", "bad_date"),
        ("2026/1-5", "bad_date"),
        ("2026-01-0513:20", "bad_date"),
        ("2026-02-30", "no_such_date"),
        ("2025-02-29", "no_such_date"),
        ("2026-01-05 25:00", "no_such_date"),
        ("2026-01-05T00:00:00+99:99", "no_such_date"),
        ("1026-01-05", "no_such_date"),
        ("9999-12-31", "no_such_date"),
    ],
)
def test_what_is_no_date_is_refused(written: str, code: str) -> None:
    with pytest.raises(BadValue) as refused:
        parsing.moment(written)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "written", ["090-1234-5678", "０９０－１２３４－５６７８", "+81 90 1234 5678", "(090)1234-5678"]
)
def test_one_telephone_is_one_number(written: str) -> None:
    assert identities.phone(written) == "09012345678"


@pytest.mark.parametrize("written", ["2", "２", "2個", "2.0", " 2 "])
def test_pieces_are_counted(written: str) -> None:
    assert parsing.quantity(written) == 2


@pytest.mark.parametrize(
    "reader",
    [
        parsing.yen,
        parsing.moment,
        parsing.quantity,
        identities.email,
        identities.phone,
        postal.code,
        parsing.line_user_id,
        lambda text: parsing.clean(text, 20),
    ],
)
@given(written=st.one_of(st.text(), st.from_regex(r"[0-9０-９,年月日/:.+\-¥円TZ ]{0,30}")))
def test_nothing_written_can_break_a_reader(reader: object, written: str) -> None:
    try:
        reader(written)  # type: ignore[operator]
    except BadValue as refused:
        assert refused.code


@given(yen=st.integers(-parsing.MAX_YEN, parsing.MAX_YEN))
def test_every_amount_comes_back_as_written(yen: int) -> None:
    assert parsing.yen(f"{yen}") == parsing.yen(f"{yen:,}円") == yen


@given(moment=st.datetimes(datetime(2000, 1, 1), datetime(2100, 12, 31, 23, 59, 59)))
def test_every_moment_comes_back_as_written(moment: datetime) -> None:
    assert parsing.moment(moment.isoformat()) == moment
    whole = moment.replace(second=0, microsecond=0)
    assert parsing.moment(f"{whole.year}年{whole.month}月{whole.day}日 {whole:%H:%M}") == whole
