"""LINE's side on the owner's first page: asked by the clock, said in words."""

from dataclasses import replace

import pytest

from bot import facts, localtime
from bot.config import settings as bot_settings
from bot.db.database import write_transaction
from bot.queue import inbox, line_health
from bot.queue.line_health import LineHealth
from bot.web.webhook import split
from demo.line.events import body, event, redelivered
from demo.phone.platform import create_platform
from tests.console.conftest import SignIn, get

PAGE = "/console/today"
HERE = "https://goen.example/callback"
WELL = LineHealth("2026-11-30T03:00:00+00:00", name="ひだまり堂", basic_id="@goentest", webhook=HERE)


@pytest.mark.parametrize(
    ("health", "said"),
    [
        (WELL, "接続中"),
        (replace(WELL, fault="token-refused"), "認めませんでした"),
        (replace(WELL, fault="no-network"), "つながりませんでした"),
        (replace(WELL, webhook=""), "Webhookのアドレスがありません"),
        (
            replace(WELL, webhook="https://old.example/callback"),
            "別のアドレス（https://old.example/callback）",
        ),
        (replace(WELL, is_webhook_on=False), "「Webhookの利用」がオフ"),
        (replace(WELL, quota=200, used_count=160), "200通のうち160通"),
        (replace(WELL, is_redelivery_seen=False), "「Webhookの再送」をオンにしましたか"),
    ],
)
def test_each_state_in_words(sign_in: SignIn, health: LineHealth, said: str) -> None:
    owner = sign_in("owner")
    assert "LINE:" not in get(owner, PAGE).text, "the clock has not asked yet"
    line_health._keep(health)
    page = get(owner, PAGE).text
    assert said in page
    assert ("接続中" in page) is not bool(health.fault)


def test_what_is_well_is_not_spoken_of(sign_in: SignIn) -> None:
    line_health._keep(replace(WELL, is_redelivery_seen=True, quota=200, used_count=159))
    with write_transaction():
        facts.keep("confirmed:greeting", value=True)
    page = get(sign_in("owner"), PAGE).text
    assert "接続中" in page
    for said in ("確かめました", "オフ", "通のうち", "別のアドレス"):
        assert said not in page


def test_the_clock_asks_line(sign_in: SignIn) -> None:
    sign_in("owner")
    config = bot_settings.current()
    with create_platform(
        channel_secret="s",
        access_token=config.line_channel_access_token,
        quota=200,
        webhook_url=HERE,
        basic_id="@x",
    ) as line:
        bot_settings.use(config.model_copy(update={"line_api_url": line.url}))
        line_health.check()
        first = line_health.current()
        assert first is not None
        assert (first.fault, first.basic_id, first.webhook, first.quota) == ("", "@x", HERE, 200)
        assert (first.last_webhook_at, first.is_redelivery_seen) == ("", False)
        came = redelivered(
            event("follow", "U" + "1" * 32, 1_764_000_000_000, "token", follow={"isUnblocked": False})
        )
        with write_transaction():
            inbox.store(split(body("U0", [came]), localtime.now()))
        line.channel.webhook_active = False
        line_health.check()
        then = line_health.current()
        assert then is not None and then.last_webhook_at
        assert (then.is_webhook_on, then.is_redelivery_seen) == (False, True)
    bot_settings.use(config.model_copy(update={"line_api_url": "http://127.0.0.1:9"}))
    line_health.check()
    away = line_health.current()
    assert away is not None and away.fault == "no-network"
    assert away.last_webhook_at == then.last_webhook_at
