"""`python -m set_up`: the first start on one machine. When set-up is done, this process becomes `script/start`."""

import os
import sys

from bot.config import env_file, settings
from bot.starting import UNFIT
from set_up import serving


def main() -> None:
    """Serve the set-up page, then start the product in this process's place."""
    path = serving.env_path()
    given = env_file.read(path)
    given_outside = settings.environment()
    serving.refuse_a_running_shop(given_outside | given)
    answers = serving.answers_in(path, given_outside, given)
    port = serving.port(given_outside | given)
    try:
        is_written = serving.serve(answers, port, serving.listen_address(given_outside | given))
    except OSError as taken:
        print(
            f"ポート{port}が使えません（{taken.strerror}）。別のポートで始めるには: PORT=8001 script/start\n"
            f"Port {port} cannot be used ({taken.strerror}). To start at another: PORT=8001 script/start",
            file=sys.stderr,
        )
        sys.exit(UNFIT)
    if is_written:
        os.execv(sys.executable, [sys.executable, "-m", "script.run", "start"])  # noqa: S606 -- no shell is what we want


if __name__ == "__main__":
    main()
