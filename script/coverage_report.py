"""Makes the coverage report of `script/test --coverage`, with coverage.py as set up in pyproject.toml.

What runs under it is left to checks.py.
"""

import os
import subprocess

from script import environment

FOLDER = environment.ROOT / "var" / "coverage"
RUN = ("-m", "coverage", "run")


def environ() -> dict[str, str]:
    """What the measured processes, and those they start, need to write into one folder; it is emptied first."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("data*"):
        old.unlink()
    return {"COVERAGE_FILE": str(FOLDER / "data")}


def write(surroundings: dict[str, str]) -> None:
    """Print the files that did not run completely, and write the pages that show each line."""
    pages = FOLDER / "html"
    for what in (
        ("combine", "--quiet"),
        ("report", "--skip-covered"),
        ("html", "--quiet", f"--directory={pages}"),
    ):
        command = [str(environment.PYTHON), "-m", "coverage", *what]
        if subprocess.run(
            command, cwd=environment.ROOT, env=os.environ | surroundings, check=False
        ).returncode:
            print(f"   coverage {what[0]} failed; see above", flush=True)
            return
    print(f"Line by line: {(pages / 'index.html').relative_to(environment.ROOT)}", flush=True)
