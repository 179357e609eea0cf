"""Checks style and types as `script/test style types` does; `--fix` fixes what ruff can fix."""

import argparse
import subprocess
import sys

from script import environment
from script.checks import STYLE, TYPES

FIXING = (("ruff", "check", "--fix", "."), ("ruff", "format", "."))


def main() -> int:
    """Run all of it, whatever fails first; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="script/lint", description="ruff check, ruff format --check and mypy."
    )
    parser.add_argument("--fix", action="store_true", help="let ruff fix and format the files")
    style = FIXING if parser.parse_args().fix else STYLE.commands
    try:
        python = str(environment.ready(environment.CHECKS))
    except environment.CannotSetUp as lack:
        print(lack, file=sys.stderr)
        return 1
    surroundings = environment.surroundings()
    codes = [
        subprocess.run(
            [python, "-m", *command], cwd=environment.ROOT, env=surroundings, check=False
        ).returncode
        for command in (*style, *TYPES.commands)
    ]
    return int(any(codes))


if __name__ == "__main__":
    sys.exit(main())
