"""Which client address a request is counted under, behind proxies and without."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web.client_address import counted_as


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("203.0.113.7:51234", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::1]:443", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::1]", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("::ffff:cb00:7107", "203.0.113.7"),
        ("", "unknown"),
        (None, "unknown"),
        ("unknown", "unknown"),
        ("_hidden", "_hidden"),
        ("999.1.1.1", "999.1.1.1"),
    ],
)
def test_an_address_is_counted_as(address: str | None, counted: str) -> None:
    assert counted_as(address) == counted


@given(st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1))
def test_all_addresses_of_a_network_are_one_visitor(network: int, first: int, second: int) -> None:
    def written(host: int) -> str:
        digits = f"{network << 64 | host:032x}"
        return ":".join(digits[at : at + 4] for at in range(0, 32, 4))

    if network:
        assert counted_as(written(first)) == counted_as(written(second))


@given(st.text(max_size=200))
def test_whatever_a_proxy_writes_is_counted_as_something_short(text: str) -> None:
    assert 0 < len(counted_as(text)) <= 100
