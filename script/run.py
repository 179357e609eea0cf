"""Starts the product from a bare checkout: the demo, the demo for developers, the real bot, or one command.

What each process does is left to manage.py and the Procfile; the developers' programs to reloading.py and
catalogue.py.
"""

import os
import subprocess
import sys

from bot.config import env_file, first_start
from script import environment

FOR_DEVELOPERS = {"dev": "script.reloading", "translations": "script.catalogue"}


def main(target: str, arguments: list[str]) -> None:
    """Set the checkout up, then become the program asked for."""
    try:
        python = str(
            environment.ready(environment.CHECKS if target in FOR_DEVELOPERS else environment.PRODUCT)
        )
    except environment.CannotSetUp as lack:
        sys.exit(str(lack))
    surroundings = environment.surroundings()
    if target == "demo":
        command = [python, "manage.py", "demo", *arguments]
    elif target in FOR_DEVELOPERS:
        command = [python, "-m", FOR_DEVELOPERS[target], *arguments]
    elif target == "manage":
        stored, manage = str(environment.ROOT / env_file.NAME), str(environment.ROOT / "manage.py")
        command = [python, "-m", "honcho", "--env", stored, "run", python, manage, *arguments]
    elif first_start.is_due(surroundings | env_file.read(environment.ROOT / env_file.NAME)):
        command = [python, "-m", "set_up"]
    else:
        surroundings.setdefault("PORT", "8000")  # honcho's own default is another
        if (environment.ROOT / env_file.NAME).exists():
            surroundings["SETTINGS_FILE"] = str(environment.ROOT / env_file.NAME)
        honcho = [python, "-m", "honcho", "start"]
        released = subprocess.run([*honcho, "release"], env=surroundings, check=False)
        if released.returncode:
            sys.exit(released.returncode)
        command = [*honcho, "web", "worker", "clock", *arguments]
    os.execve(python, command, surroundings)  # noqa: S606 - no shell is what we want


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
