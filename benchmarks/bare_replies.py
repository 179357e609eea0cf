"""Sends replies with the LINE SDK, one after the other with one reused client; prints replies a second.

python -m benchmarks.bare_replies LINE_URL COUNT
"""

import sys
import time

from linebot.v3.messaging import ApiClient, Configuration, MessagingApi, ReplyMessageRequest, TextMessage


def main(url: str, count: int) -> None:
    """Send that many replies."""
    with ApiClient(Configuration(access_token="x", host=url)) as client:  # noqa: S106 - a stand-in asks for none
        api = MessagingApi(client)
        begun = time.perf_counter()
        for number in range(count):
            message = TextMessage(text="ただいま120ポイントです。")
            api.reply_message(ReplyMessageRequest(reply_token=f"{number:032x}", messages=[message]))
        print(count / (time.perf_counter() - begun))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
