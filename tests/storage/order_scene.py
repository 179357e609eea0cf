"""Shared by the tests of orders: the moment they play at, and the secret of the shop's Shopify webhooks."""

from datetime import UTC, datetime

NOON = datetime(2026, 11, 30, 3, tzinfo=UTC)
SECRET = "shpss_of_the_tests"
