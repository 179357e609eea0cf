"""A second channel of the same provider: the same people, and nothing else in common."""

from collections.abc import Iterator

import pytest

from demo.line.channel import Identity
from demo.phone.platform import Platform, create_platform
from tests.demo.conftest import SECRET, TOKEN, NoteTakingBot, Shop, said

SECOND = "token-of-the-second-channel"


@pytest.fixture
def second_bot() -> NoteTakingBot:
    return NoteTakingBot()


@pytest.fixture
def platform(bot: NoteTakingBot, second_bot: NoteTakingBot) -> Iterator[Platform]:
    with create_platform(
        channel_secret=SECRET,
        access_token=TOKEN,
        deliver=bot.deliver,
        support=Identity("secret-of-the-second-channel", SECOND),
        deliver_support=second_bot.deliver,
    ) as made:
        yield made


def test_people_are_friends_of_each_by_themselves(
    platform: Platform, shop: Shop, bot: NoteTakingBot, second_bot: NoteTakingBot
) -> None:
    main = platform.handset("花")
    second = platform.support_handset(main)
    assert main.user_id == second.user_id
    push = {"to": main.user_id, "messages": said("やあ")}
    refused = shop.call("POST", "/v2/bot/message/push", push, token=SECOND)
    assert (refused.status, refused.json()) == (400, {"message": "Failed to send messages"})
    second.follow()
    platform.settle()
    assert second_bot.last["source"]["userId"] == main.user_id
    assert shop.call("POST", "/v2/bot/message/push", push, token=SECOND).status == 200
    assert [message["text"] for message in second.news()] == ["やあ"]
    assert main.news() == []
    assert shop.call("GET", f"/v2/bot/profile/{main.user_id}", token=SECOND).status == 200
    assert shop.call("GET", f"/v2/bot/profile/{main.user_id}").status == 404, "no friend of the main one"


def test_tokens_contents_and_quotas_are_one_channels(
    platform: Platform, shop: Shop, bot: NoteTakingBot, second_bot: NoteTakingBot
) -> None:
    main = platform.handset("花")
    second = platform.support_handset(main)
    main.follow()
    second.follow()
    platform.settle()
    reply = {"replyToken": second_bot.last["replyToken"], "messages": said()}
    refused = shop.call("POST", "/v2/bot/message/reply", reply)
    assert (refused.status, refused.json()) == (400, {"message": "Invalid reply token"})
    assert shop.call("POST", "/v2/bot/message/reply", reply, token=SECOND).status == 200
    picture = second.send_image(b"picture")
    assert shop.call("GET", f"/v2/bot/message/{picture}/content").status == 404
    assert shop.call("GET", f"/v2/bot/message/{picture}/content", token=SECOND).status == 200
    assert main.send_image(b"picture") != picture
    push = {"to": main.user_id, "messages": said()}
    assert shop.call("POST", "/v2/bot/message/push", push, token=SECOND).status == 200
    usage = [
        shop.call("GET", "/v2/bot/message/quota/consumption", token=token).json() for token in (TOKEN, SECOND)
    ]
    assert usage == [{"totalUsage": 0}, {"totalUsage": 1}]
    assert shop.call("GET", "/v2/bot/message/quota", token="neither").status == 401


def test_webhooks_are_signed_with_each_channels_secret(
    platform: Platform, bot: NoteTakingBot, second_bot: NoteTakingBot
) -> None:
    main = platform.handset("花")
    main.follow()
    platform.support_handset(main).follow()
    platform.settle()
    assert [event["type"] for event in [*bot.events, *second_bot.events]] == ["follow", "follow"]
    assert bot.signatures_good
    assert not second_bot.signatures_good, "it checks the main channel's"
