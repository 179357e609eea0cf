"""Takes the pictures of the README and the guides: sets the checkout up, then starts tests/pictures.py."""

import os
import sys

from script import browser, environment


def main() -> None:
    """Install everything that is needed, then become the program that takes the pictures."""
    try:
        python = str(environment.ready(environment.CHECKS))
    except environment.CannotSetUp as lack:
        sys.exit(str(lack))
    if browser.find_or_install() is None:
        sys.exit(browser.MISSING)
    command = [python, "-m", "tests.pictures", *sys.argv[1:]]
    os.execve(python, command, environment.surroundings())  # noqa: S606


if __name__ == "__main__":
    main()
