"""Makes the checkout's `.venv`, and installs in it what a requirements file asks for.

Runs before anything is installed, so it uses the standard library only. What runs then is left to run.py and
checks.py.
"""

import fcntl
import hashlib
import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.text.two_languages import both, of_error, of_system, shown

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
PRODUCT, CHECKS = "requirements.txt", "requirements-dev.txt"
_STAMP = VENV / "installed.json"
_PLACE = "made for"  # the stamp's key for what the environment as a whole depends on
_SIGNS_OF_NO_NETWORK = (
    "NewConnectionError",
    "ConnectTimeout",
    "Temporary failure in name resolution",
    "Network is unreachable",
    "Connection refused",
    "ProxyError",
    "Max retries exceeded",
)
# Set by a person for other projects, these would lead our installation elsewhere or another's libraries in.
_MISLEADING = (
    "PYTHONPATH",
    "PYTHONHOME",
    "PIP_USER",
    "PIP_TARGET",
    "PIP_PREFIX",
    "PIP_REQUIREMENT",
    "VIRTUAL_ENV",
)


class CannotSetUp(Exception):
    """The machine lacks something. The text says what, and what to do about it, in the system's language."""

    def __str__(self) -> str:
        return shown(of_error(self), of_system())


def ready(requirements: str = PRODUCT) -> Path:
    """The Python of `.venv`, with all that the file asks for installed; a few milliseconds when it is already."""
    if not _up_to_date(requirements):
        with _one_at_a_time():
            if not _up_to_date(requirements):
                _bring_up_to_date(requirements)
    return PYTHON


def install(*packages: str) -> bool:
    """Add packages that are only wanted on some machines; whether that worked."""
    return _pip(*packages).returncode == 0


def surroundings() -> dict[str, str]:
    """The environment for what we start: as given, with `.venv` first on the path and nothing misleading."""
    environ = {name: value for name, value in os.environ.items() if name not in _MISLEADING}
    return environ | {"PATH": f"{VENV / 'bin'}{os.pathsep}{environ.get('PATH', os.defpath)}"}


def _up_to_date(requirements: str) -> bool:
    stamp = _stamp()
    return (
        stamp.get(_PLACE) == _place() and stamp.get(requirements) == _digest(requirements) and PYTHON.exists()
    )


def _stamp() -> dict[str, str]:
    try:
        stamp: dict[str, str] = json.loads(_STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return stamp


def _place() -> str:
    # A virtual environment holds absolute paths and one Python's folder: moved or under another Python, it breaks.
    return f"Python {sys.version_info[0]}.{sys.version_info[1]} in {ROOT}"


def _digest(requirements: str) -> str:
    text = (ROOT / requirements).read_bytes()
    if requirements != PRODUCT:
        text += (ROOT / PRODUCT).read_bytes()
    return hashlib.sha256(text).hexdigest()


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _bring_up_to_date(requirements: str) -> None:
    try:
        stamp = _stamp()
        if stamp.get(_PLACE) != _place() or not PYTHON.exists():
            _make()
            stamp = {_PLACE: _place()}
        _install_all_of(requirements)
        installed = {
            file: _digest(file) for file in {requirements, PRODUCT}
        }  # the checks' file includes the product's
        _STAMP.write_text(json.dumps(stamp | installed))
    except OSError as error:
        raise CannotSetUp(
            both(
                "Goen keeps its libraries in {venv}, which cannot be written ({why}). Please make that folder "
                "writable, or use a checkout in a folder of your own.",
                "Goenのライブラリを入れる {venv} に書き込めません（{why}）。そのフォルダに書き込めるようにするか、"
                "ご自分のフォルダにGoenを置いてください。",
                venv=VENV,
                why=error.strerror or error,
            )
        ) from error


def _make() -> None:
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise CannotSetUp(
            both(
                "Python's venv module is missing, which Goen keeps its libraries apart with. "
                "On Debian and Ubuntu: {command}",
                "Pythonのvenvモジュールがありません。Goenのライブラリを分けて置くために必要です。"
                "DebianとUbuntuでは次で入ります: {command}",
                command="apt-get install python3-venv",
            )
        )
    import venv

    making = both(
        "Making {venv} with Python {version} …",
        "Python {version} で {venv} を作っています …",
        venv=VENV.name,
        version=sys.version.split()[0],
    )
    print(shown(making, of_system()), flush=True)
    try:
        venv.create(VENV, clear=True, with_pip=True, symlinks=True)
    except subprocess.CalledProcessError as error:
        raise CannotSetUp(
            both(
                "Python could not put pip into {venv}: {why}",
                "{venv} にpipを入れられませんでした: {why}",
                venv=VENV,
                why=_last_line(error.output),
            )
        ) from error


def _install_all_of(requirements: str) -> None:
    installing = both(
        "Installing the libraries of {file}; only the first time takes a minute or two …",
        "{file} のライブラリを入れています。はじめの1回だけ、1〜2分かかります …",
        file=requirements,
    )
    print(shown(installing, of_system()), flush=True)
    done = _pip("--require-hashes", "-r", str(ROOT / requirements))
    if done.returncode == 0:
        return
    if any(sign in done.stdout for sign in _SIGNS_OF_NO_NETWORK):
        raise CannotSetUp(
            both(
                "The libraries of {file} could not be fetched: there seems to be no network. The first start "
                "needs one, later ones do not. pip's last word: {why}",
                "{file} のライブラリを取り寄せられませんでした。インターネットにつながっていないようです。必要なのは"
                "はじめの1回だけです。つないでから、もう一度お試しください。pipの最後の言葉: {why}",
                file=requirements,
                why=_last_line(done.stdout),
            )
        )
    raise CannotSetUp(
        both(
            "The libraries of {file} could not be installed. pip said:\n{said}",
            "{file} のライブラリを入れられませんでした。pipの言葉:\n{said}",
            file=requirements,
            said=done.stdout.strip(),
        )
    )


def _pip(*what: str) -> subprocess.CompletedProcess[str]:
    command = [
        str(PYTHON),
        "-m",
        "pip",
        "install",
        "-q",
        "--disable-pip-version-check",
        "--no-input",
        "--retries",
        "2",
    ]
    return subprocess.run(
        [*command, *what],
        env=surroundings(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def _last_line(output: str | bytes | None) -> str:
    text = output.decode(errors="replace") if isinstance(output, bytes) else output or ""
    return (text.strip().splitlines() or ["nothing"])[-1]
