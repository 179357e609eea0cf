"""Lists the project's own files: what git tracks or would track, without vendored files."""

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOT_OURS = {".git", ".venv", "vendor", "var", "__pycache__"}


@cache
def project_files() -> tuple[Path, ...]:
    """The files by their paths from the project's folder, in order."""
    if (ROOT / ".git").exists():
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout
        paths = {Path(name) for name in listed.split("\0") if name}
    else:
        found = (path.relative_to(ROOT) for path in ROOT.rglob("*"))
        paths = {path for path in found if path.parts[0] == ".ci" or not path.parts[0].startswith(".")}
    return tuple(sorted(path for path in paths if (ROOT / path).is_file() and not NOT_OURS & {*path.parts}))
