"""Takes the pictures of the README and the guides anew: sets the checkout up; tests/pictures.py plays the scene."""

import os
import sys

from script import browser, environment


def main() -> None:
    """Make sure of everything that is needed, then become what takes the pictures."""
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
