"""Installs Goen on one Debian or Ubuntu server: a user of its own, systemd's units, and Caddy in front.

Asks for the domain and an e-mail address, says what it will do, and does it; repeating it updates the program and
keeps what the shop has. With the standard library alone. The files are those of `hosting/server/`; what the shop's
owner sets up in the browser afterwards is `set_up/`'s.
"""

import argparse
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from string import Template

from bot.text.two_languages import Sentence, both, of_system, shown
from script.environment import ROOT
from script.install_questions import (
    AFTERWARDS,
    ASK_DOMAIN,
    ASK_EMAIL,
    GO_ON,
    CannotInstall,
    domain_of,
    email_of,
)

TEMPLATES = ROOT / "hosting" / "server"
UNITS = ("goen.service",)
SITE = "goen.caddy"
IMPORT = "import goen.caddy"
OF_THE_SHOP = {".env", "var", ".venv", "shop.toml"}
"""What the shop has in its folder; the rest is the program."""
NOT_COPIED = {".git", ".venv", "var", ".env", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache"}


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be installed, and where."""

    domain: str
    email: str
    folder: Path = Path("/srv/goen")
    user: str = "goen"
    units: Path = Path("/etc/systemd/system")
    caddy: Path = Path("/etc/caddy")


def rendered(plan: Plan, name: str) -> str:
    """A file of `hosting/server/` for this server."""
    values = {"domain": plan.domain, "email": plan.email, "folder": str(plan.folder), "user": plan.user}
    return Template((TEMPLATES / name).read_text("utf-8")).substitute(values)


def steps(plan: Plan) -> list[Sentence]:
    """What will be done, in order."""
    values = {
        "folder": plan.folder,
        "user": plan.user,
        "units": ", ".join(UNITS),
        "place": plan.units,
        "site": plan.caddy / SITE,
        "domain": plan.domain,
    }
    return [
        both(
            "install python3, python3-venv and caddy with apt, where they are missing",
            "python3・python3-venv・caddy を、なければaptで入れます",
        ),
        both(
            "make the system user {user}, who owns {folder}",
            "システムのユーザー {user} を作り、{folder} の持ち主にします",
            **{name: values[name] for name in ("user", "folder")},
        ),
        both(
            "copy the program to {folder}; .env, var and shop.toml there stay as they are",
            "プログラムを {folder} に写します（そこの .env・var・shop.toml はそのままです）",
            folder=plan.folder,
        ),
        both(
            "write {folder}/.env with the address and a new SECRET_KEY, where there is none",
            "{folder}/.env がなければ、アドレスと新しい SECRET_KEY を書きます",
            folder=plan.folder,
        ),
        both(
            "write {units} to {place}",
            "{units} を {place} に書きます",
            units=values["units"],
            place=plan.units,
        ),
        both(
            "write {site} and import it in Caddy's file: https://{domain} leads to Goen",
            "{site} を書いてCaddyに読みこませます（https://{domain} がGoenにつながります）",
            site=values["site"],
            domain=plan.domain,
        ),
        both(
            "start Goen and Caddy, now and at each start of the machine",
            "GoenとCaddyを、いまと、サーバーの起動のたびに動かします",
        ),
    ]


def render(plan: Plan, folder: Path) -> None:
    """Write the files of this server into a folder, to be looked through."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in (*UNITS, SITE):
        (folder / name).write_text(rendered(plan, name), "utf-8")


def copy_program(source: Path, target: Path) -> None:
    """Replace the program in that folder by this one; what the shop has stays, but for a shop.toml that is missing."""
    target.mkdir(parents=True, exist_ok=True)
    if source.resolve() == target.resolve():
        return
    for old in target.iterdir():
        if old.name not in OF_THE_SHOP:
            shutil.rmtree(old) if old.is_dir() and not old.is_symlink() else old.unlink()
    for new in source.iterdir():
        there = target / new.name
        if new.name in NOT_COPIED or there.exists():
            continue
        if new.is_dir():
            shutil.copytree(new, there, ignore=shutil.ignore_patterns(*NOT_COPIED))
        else:
            shutil.copy2(new, there)


def write_settings(plan: Plan) -> bool:
    """Write `.env`, which its owner alone may read, where there is none; set-up in the browser adds the rest."""
    lines = {
        "PUBLIC_URL": f"https://{plan.domain}",
        "SECRET_KEY": secrets.token_urlsafe(32),
        "LISTEN_ADDRESS": "127.0.0.1",
        "TRUSTED_PROXY_COUNT": "1",
    }
    try:
        handle = os.open(plan.folder / ".env", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.writelines(f'{name}="{value}"\n' for name, value in lines.items())
    return True


def write_site(plan: Plan) -> None:
    """Write Goen's site, and have Caddy's own file import it once; Caddy's page for new servers makes room for it."""
    plan.caddy.mkdir(parents=True, exist_ok=True)
    _write(plan.caddy / SITE, rendered(plan, SITE))
    main = plan.caddy / "Caddyfile"
    before = main.read_text("utf-8") if main.exists() else ""
    if IMPORT not in before.splitlines():
        main.write_text(f"{before.rstrip()}\n\n{IMPORT}\n".lstrip(), "utf-8")


def install(plan: Plan, run: Callable[..., object]) -> None:
    """Do all of it; `run` runs a command and raises CalledProcessError when it fails."""
    missing = [name for name, found in _PACKAGES.items() if not found()]
    if missing:
        run("apt-get", "update")
        run("apt-get", "install", "--yes", "--no-install-recommends", *missing)
    plan.folder.mkdir(parents=True, exist_ok=True)
    if not _has_user(plan.user):
        run(
            "useradd",
            "--system",
            "--user-group",
            "--home-dir",
            str(plan.folder),
            "--shell",
            "/usr/sbin/nologin",
            plan.user,
        )
    copy_program(ROOT, plan.folder)
    write_settings(plan)
    run("chown", "--recursive", f"{plan.user}:{plan.user}", str(plan.folder))
    render_units(plan)
    write_site(plan)
    run("systemctl", "daemon-reload")
    run("systemctl", "enable", "goen.service", "caddy.service")
    run("systemctl", "restart", "goen.service")
    run("systemctl", "reload-or-restart", "caddy.service")


def render_units(plan: Plan) -> None:
    """Write systemd's units."""
    plan.units.mkdir(parents=True, exist_ok=True)
    for name in UNITS:
        _write(plan.units / name, rendered(plan, name))


def _write(path: Path, text: str) -> None:
    """Write a file that systemd's or Caddy's own user reads, whatever root's umask is."""
    path.write_text(text, "utf-8")
    path.chmod(0o644)


def _has_user(name: str) -> bool:
    import pwd  # not on Windows, where this module is still read

    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def _can_make_environments() -> bool:
    return (
        subprocess.run(
            [sys.executable, "-c", "import ensurepip, venv"], capture_output=True, check=False
        ).returncode
        == 0
    )


_PACKAGES: dict[str, Callable[[], bool]] = {
    "python3": lambda: shutil.which("python3") is not None,
    "python3-venv": _can_make_environments,
    "caddy": lambda: shutil.which("caddy") is not None,
}


def _asked(question: Sentence, check: Callable[[str], str]) -> str:
    while True:
        try:
            return check(input(f"{shown(question, of_system())}\n> "))
        except CannotInstall as fault:
            _say(fault.args[0])
        except EOFError:
            raise CannotInstall(
                both(
                    "Nobody answered. Give both: --domain bot.example.jp --email you@example.jp",
                    "答えがありませんでした。両方を付けて実行してください: "
                    "--domain bot.example.jp --email you@example.jp",
                )
            ) from None


def _say(text: str) -> None:
    print(shown(text, of_system()), flush=True)


def _run(*command: str) -> None:
    print("  $", *command, flush=True)
    subprocess.run(command, check=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/install-server", description=__doc__.splitlines()[0])
    parser.add_argument("--domain", help="as in bot.example.jp; asked for when left out")
    parser.add_argument("--email", help="to which the certificate's issuer writes; asked for when left out")
    parser.add_argument(
        "--render", type=Path, metavar="FOLDER", help="write the files into FOLDER and install nothing"
    )
    parser.add_argument("--yes", action="store_true", help="install without asking once more")
    return parser.parse_args()


def main() -> int:
    """Ask, say what will be done, and do it."""
    given = _arguments()
    try:
        domain = domain_of(given.domain) if given.domain else _asked(ASK_DOMAIN, domain_of)
        plan = Plan(domain, email_of(given.email) if given.email else _asked(ASK_EMAIL, email_of))
        if given.render:
            render(plan, given.render)
            _say(
                both("The files are in {folder}.", "ファイルを {folder} に書きました。", folder=given.render)
            )
            return 0
        _say(both("This will be done:", "これから行うこと:"))
        for number, step in enumerate(steps(plan), 1):
            print(f"{number}. {shown(step, of_system())}")
        _require_root()
        if not given.yes and input(f"{shown(GO_ON, of_system())} [y/N] ").strip().lower() not in {
            "y",
            "yes",
            "はい",
        }:
            return 1
        install(plan, _run)
    except CannotInstall as fault:
        print(shown(fault.args[0], of_system()), file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as failed:
        said = both(
            "This command failed, and nothing after it was done: {command}. Mend its cause and start again: what is "
            "done already does no harm.",
            "このコマンドが失敗し、その先は行っていません: {command}。わけを直して、もう一度はじめてください"
            "（済んだところは、くり返しても大丈夫です）。",
            command=" ".join(failed.cmd),
        )
        print(shown(said, of_system()), file=sys.stderr)
        return 1
    _say(AFTERWARDS)
    return 0


def _require_root() -> None:
    if os.geteuid() != 0:
        raise CannotInstall(
            both(
                "This needs root: sudo script/install-server",
                "管理者の権限が必要です: sudo script/install-server",
            )
        )


if __name__ == "__main__":
    sys.exit(main())
