"""Writes requirements*.txt, with the hash of every file that may be installed, from the lists of chosen
packages.

The lists are requirements*.in. A lock holds for every system and for Python 3.11 and newer. Installing it is
left to environment.py.
"""

import subprocess
import sys

from script import environment

LISTS = (
    "requirements.in",
    "requirements-dev.in",
    "requirements-meaning.in",
)  # each builds on those before it
OPTIONS = (
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--quiet",
    "--custom-compile-command=script/lock",
)


def main() -> int:
    """Lock each list; returns the exit code."""
    upgrade = [argument for argument in sys.argv[1:] if argument == "--upgrade"]
    if unknown := [argument for argument in sys.argv[1:] if argument != "--upgrade"]:
        print(f"script/lock takes --upgrade and nothing else, not {' '.join(unknown)}.", file=sys.stderr)
        return 2
    try:
        python = str(environment.ready(environment.CHECKS))
    except environment.CannotSetUp as lack:
        print(lack, file=sys.stderr)
        return 1
    for name in LISTS:
        locked = name.removesuffix(".in") + ".txt"
        command = [python, "-m", "uv", "pip", "compile", *OPTIONS, *upgrade, name, "-o", locked]
        done = subprocess.run(
            command,
            cwd=environment.ROOT,
            env=environment.surroundings(),
            stdout=subprocess.DEVNULL,
            check=False,
        )
        if done.returncode:
            print(f"{name} could not be locked; {locked} is as it was.", file=sys.stderr)
            return done.returncode
        print(f"{locked} holds what {name} asks for.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
