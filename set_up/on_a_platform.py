"""The first start where a platform runs web, worker and clock apart, from the Procfile, and their disk is not kept.

The web process serves the set-up page, which shows the settings to be copied into the platform's; the others wait
(`bot/starting.py`). The platform starts all of them again when its settings change.
"""

import secrets
import signal
import sys

from bot.config import settings
from bot.starting import UNFIT


def serve_if_due(address: str) -> None:
    """Serve the set-up page for good when nobody has given settings yet; otherwise return at once."""
    if not settings.is_first_start():
        return
    # Imported here, since the product does not need them.
    from console.first_start.answers import Answers
    from set_up import serving

    given_outside = settings.environment()
    serving.refuse_a_running_shop(given_outside)
    answers = Answers(secrets.token_urlsafe(24), given_outside, None)
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: answers.is_over.set())
    try:
        serving.serve(answers, serving.port(given_outside), address or serving.listen_address(given_outside))
    except OSError as taken:
        print(
            f"ポートが使えません（{taken.strerror}）。\nThe port cannot be used ({taken.strerror}).",
            file=sys.stderr,
        )
        sys.exit(UNFIT)
    sys.exit(0)
