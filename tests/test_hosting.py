"""The ways to host: their files agree with the product, and each is tried as far as a machine without root, Docker and
Windows allows. What is installed besides (systemd, Caddy, shellcheck) checks its own files; the rest is read."""

import fnmatch
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.config import settings
from bot.config.settings import Settings
from script import install_questions, install_server
from script.install_questions import CannotInstall
from script.install_server import Plan
from tests.complete import assert_same
from tests.project_files import ROOT, project_files

PLAN = Plan("bot.example.jp", "you@example.jp")
OF_THE_PLATFORM = {"port", "database_url", "listen_address"}
"""Settings that a platform sets itself."""
OF_ONE_MACHINE = {"shop_logo", "shop_toml", "data_dir", "demo_dir", "settings_file", "old_secret_key"}
"""Settings that mean a file of one machine, or that no new shop has."""
OF_A_STAND_IN = {"line_api_url", "line_data_api_url", "line_login_url"}
PROCESSES = {
    line.split(":")[0]: line.split(": ", 1)[1]
    for line in (ROOT / "Procfile").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
}


# Platforms that read a Procfile


def app_json() -> dict[str, Any]:
    """What app.json has to be, from the settings."""
    variables: dict[str, Any] = {}
    for name, field in Settings.model_fields.items():
        if name in OF_THE_PLATFORM | OF_ONE_MACHINE | OF_A_STAND_IN:
            continue
        about: dict[str, Any] = {"description": field.description, "required": field.is_required()}
        if name == "secret_key":
            about["generator"] = "secret"
        elif name == "trusted_proxy_count":
            about["value"] = "1"
        variables[name.upper()] = about
    return {
        "name": "Goen",
        "description": "A LINE chatbot for small Japanese mail-order shops",
        "success_url": "/",
        "env": variables,
        "formation": {name: {"quantity": 1} for name in PROCESSES if name != "release"},
        "addons": ["heroku-postgresql"],
        "buildpacks": [{"url": "heroku/python"}],
    }


def test_app_json_describes_every_variable_as_the_settings_do() -> None:
    written = json.dumps(app_json(), ensure_ascii=False, indent=2) + "\n"
    assert (ROOT / "app.json").read_text("utf-8") == written, f"app.json has to be:\n{written}"


def test_a_platforms_own_kind_of_secret_is_fit_as_secret_key() -> None:
    """Heroku's generator makes 64 hexadecimal digits."""
    settings.load(
        {
            "LINE_CHANNEL_SECRET": "x",
            "LINE_CHANNEL_ACCESS_TOKEN": "y",
            "LINE_BASIC_ID": "@x",
            "PUBLIC_URL": "https://bot.example.jp",
            "SHOP_NAME": "x",
            "SECRET_KEY": "2f1d9c0b7a6e5d4c3b2a19080f7e6d5c4b3a29180f7e6d5c4b3a291807f6e5d4",
        }
    )


# One small server


def test_the_files_of_a_server_hold_what_was_asked_for(tmp_path: Path) -> None:
    install_server.render(PLAN, tmp_path)
    texts = {path.name: path.read_text("utf-8") for path in tmp_path.iterdir()}
    assert {*install_server.UNITS, install_server.SITE} == {*texts}
    assert not [name for name, text in texts.items() if "$" in text]
    assert "ExecStart=/srv/goen/script/start" in texts["goen.service"]
    assert texts["goen.caddy"].splitlines()[1] == "bot.example.jp {"
    assert "tls you@example.jp" in texts["goen.caddy"]


def test_the_unit_is_hardened() -> None:
    lines = set(install_server.rendered(PLAN, "goen.service").splitlines())
    assert {
        *("User=goen", "NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes", "PrivateTmp=yes"),
        *("ReadWritePaths=/srv/goen", "CapabilityBoundingSet=", "UMask=0077", "PrivateDevices=yes"),
    } <= lines


def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not here")
    for script in ("start", "manage"):
        there = tmp_path / "script" / script
        there.parent.mkdir(exist_ok=True)
        there.touch(mode=0o755)
    install_server.render(Plan(PLAN.domain, PLAN.email, tmp_path), tmp_path / "units")
    units = [str(tmp_path / "units" / name) for name in install_server.UNITS]
    checked = subprocess.run(
        ["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False
    )
    ours = [line for line in (checked.stdout + checked.stderr).splitlines() if "goen" in line]
    assert not ours


def test_caddy_accepts_the_sites(tmp_path: Path) -> None:
    caddy = shutil.which("caddy")
    if caddy is None:
        pytest.skip("caddy is not here")
    install_server.render(PLAN, tmp_path)
    for file in (tmp_path / "goen.caddy", ROOT / "hosting" / "containers" / "Caddyfile"):
        command = [caddy, "validate", "--adapter", "caddyfile", "--config", str(file)]
        environment = {**os.environ, "DOMAIN": PLAN.domain, "HOME": str(tmp_path)}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("typed", "domain"),
    [
        ("bot.example.jp", "bot.example.jp"),
        (" https://Bot.Example.jp/ ", "bot.example.jp"),
        ("xn--55q36p.xn--q9jyb4c", "xn--55q36p.xn--q9jyb4c"),
    ],
)
def test_a_domain_is_taken_as_people_type_it(typed: str, domain: str) -> None:
    assert install_questions.domain_of(typed) == domain


@pytest.mark.parametrize(
    "typed",
    ["", "bot", "bot.example.jp:8000", "127.0.0.1", "a b.jp", "bot.example.jp {", "-a.jp", "x.jp\nimport y"],
)
def test_what_is_no_domain_is_refused(typed: str) -> None:
    with pytest.raises(CannotInstall):
        install_questions.domain_of(typed)


@pytest.mark.parametrize("typed", ["", "you", "you@", "@example.jp", "you@example.jp {", "a@b.jp\nx"])
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(CannotInstall):
        install_questions.email_of(typed)


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Plan:
    """A server in a folder, with all packages there."""
    monkeypatch.setattr(install_server, "_PACKAGES", {})
    monkeypatch.setattr(install_server, "ROOT", _checkout(tmp_path / "checkout"))
    return Plan(PLAN.domain, PLAN.email, tmp_path / "goen", "goen", tmp_path / "units", tmp_path / "caddy")


def _checkout(folder: Path) -> Path:
    for name in (
        "app.py",
        "shop.toml",
        "script/start",
        "hosting/server/x",
        "var/goen.sqlite3",
        ".env",
        ".git/HEAD",
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("of the checkout")
    return folder


def test_a_server_is_installed_and_installing_again_updates_the_program_alone(
    server: Plan, tmp_path: Path
) -> None:
    commands: list[tuple[str, ...]] = []

    def run(*command: str) -> None:
        commands.append(command)

    install_server.install(server, run)
    key = (server.folder / ".env").read_text()
    assert (server.folder / ".env").stat().st_mode & 0o777 == 0o600
    assert 'PUBLIC_URL="https://bot.example.jp"' in key
    assert 'LISTEN_ADDRESS="127.0.0.1"' in key
    assert not (server.folder / "var").exists(), "nothing of the checkout's data goes along"
    assert not (server.folder / ".git").exists()

    (server.folder / "var").mkdir()
    (server.folder / "var" / "goen.sqlite3").write_text("the shop's")
    (server.folder / "shop.toml").write_text("the owner's")
    (server.folder / "gone.py").write_text("of the version before")
    (tmp_path / "checkout" / "app.py").write_text("of the next version")
    first, commands[:] = list(commands), []
    install_server.install(server, run)
    assert (server.folder / ".env").read_text() == key
    assert (server.folder / "var" / "goen.sqlite3").read_text() == "the shop's"
    assert (server.folder / "shop.toml").read_text() == "the owner's"
    assert (server.folder / "app.py").read_text() == "of the next version"
    assert not (server.folder / "gone.py").exists()
    assert commands == first
    assert (server.caddy / "Caddyfile").read_text().splitlines().count("import goen.caddy") == 1


def test_other_sites_of_caddy_stay(server: Plan) -> None:
    server.caddy.mkdir()
    (server.caddy / "Caddyfile").write_text("other.example.jp {\n\trespond hello\n}\n")
    for _ in range(2):
        install_server.write_site(server)
    assert (server.caddy / "Caddyfile").read_text() == (
        "other.example.jp {\n\trespond hello\n}\n\nimport goen.caddy\n"
    )


def test_the_settings_it_writes_are_fit_once_set_up_has_added_the_rest(server: Plan) -> None:
    server.folder.mkdir()
    assert install_server.write_settings(server)
    given = dict(re.findall(r'(\w+)="(.*)"', (server.folder / ".env").read_text()))
    line = {
        "LINE_CHANNEL_SECRET": "x",
        "LINE_CHANNEL_ACCESS_TOKEN": "y",
        "LINE_BASIC_ID": "@x",
        "SHOP_NAME": "x",
    }
    made = settings.load(given | line)
    assert (made.public_url, made.trusted_proxy_count) == ("https://bot.example.jp", 1)
    assert made.listen_address == "127.0.0.1"


def test_the_scripts_of_the_shell_are_clean() -> None:
    if shutil.which("shellcheck") is None:
        pytest.skip("shellcheck is not here")
    scripts = [
        str(path)
        for path in project_files()
        if path.parts[0] == "script" and (ROOT / path).read_bytes().startswith(b"#!/bin/sh")
    ]
    done = subprocess.run(
        ["shellcheck", "-x", *scripts], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_without_an_answer_it_says_what_to_give() -> None:
    done = subprocess.run(
        ["script/install-server"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "--domain bot.example.jp --email you@example.jp" in done.stderr


def test_a_machine_without_python_is_answered_in_both_languages(tmp_path: Path) -> None:
    for program in ("sh", "dirname"):
        (tmp_path / program).symlink_to(shutil.which(program) or program)
    for script in ("start", "demo", "manage", "install-server"):
        done = subprocess.run(
            ["/bin/sh", f"script/{script}"],
            cwd=ROOT,
            env={"PATH": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1
        assert "Python 3.11以上が必要です" in done.stderr
        assert "Goen needs Python 3.11 or newer" in done.stderr


# Containers


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions in order, lines that go on joined."""
    text = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
    lines = (line.strip() for line in text.splitlines())
    return [tuple(line.split(None, 1)) for line in lines if line and not line.startswith("#")]  # type: ignore[misc]


def test_the_image_is_pinned_runs_without_root_and_says_whether_it_is_well() -> None:
    found = instructions()
    bases = [value.split()[0] for name, value in found if name == "FROM"]
    assert all(re.fullmatch(r"[a-z]+:\d+\.\d+[a-z.-]*", base) for base in bases), "no `latest`"
    last = found[max(place for place, (name, _) in enumerate(found) if name == "FROM") :]
    assert [value for name, value in last if name == "USER"] == ["goen"]
    order = [name for name, _ in last]
    assert order.index("USER") > max(place for place, name in enumerate(order) if name in {"RUN", "COPY"})
    assert "/healthz" in next(value for name, value in last if name == "HEALTHCHECK")
    assert json.loads(next(value for name, value in last if name == "CMD")) == PROCESSES["web"].split()
    assert not [
        value for name, value in found if name in {"ENV", "ARG"} and re.search(r"SECRET|TOKEN", value)
    ]
    [install] = [value for name, value in found if "pip install" in value]
    assert "--require-hashes" in install


def in_the_image() -> Iterator[Path]:
    """The project's files that `COPY .` takes, by .dockerignore."""
    patterns = [
        line for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line and line[0] != "#"
    ]
    for path in project_files():
        names = (path.parts[0], str(path))
        if not any(
            fnmatch.fnmatch(name, pattern.removeprefix("**/")) for pattern in patterns for name in names
        ):
            yield path


def test_the_image_holds_the_product_and_no_secret() -> None:
    there = {str(path) for path in in_the_image()}
    assert {"app.py", "worker.py", "clock.py", "manage.py", "requirements.txt", "shop.toml"} <= there
    assert "console/static/console.css" in there
    assert not [path for path in there if path.startswith(("tests/", "docs/", ".env", "var/"))]


def test_what_is_in_the_image_is_enough_to_serve(tmp_path: Path) -> None:
    """The Dockerfile's last stage in a folder: its files, its commands, its check of health; with this Python."""
    root = tmp_path / "goen"
    for path in in_the_image():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, root / path)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        "PATH": os.defpath,
        "LINE_CHANNEL_SECRET": "x",
        "LINE_CHANNEL_ACCESS_TOKEN": "y",
        "LINE_BASIC_ID": "@x",
        "PUBLIC_URL": "https://bot.example.jp",
        "SHOP_NAME": "x",
        "SECRET_KEY": "a-secret-key-of-the-tests-alone-0123456789",
        "DATA_DIR": str(tmp_path / "data"),
        "DATABASE_URL": f"sqlite:///{tmp_path}/goen.sqlite3",
        "PORT": str(port),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    subprocess.run([sys.executable, "manage.py", "migrate"], cwd=root, env=environment, check=True)
    web = subprocess.Popen([sys.executable, *PROCESSES["web"].split()[1:]], cwd=root, env=environment)
    try:
        health = next(value for name, value in instructions() if name == "HEALTHCHECK")
        command = json.loads(health[health.index("CMD") + 3 :])
        deadline = time.monotonic() + 60
        while True:
            checked = subprocess.run(
                [sys.executable, *command[1:]], env=environment, capture_output=True, check=False
            )
            if checked.returncode == 0 or time.monotonic() > deadline:
                break
            time.sleep(0.3)
        assert checked.returncode == 0, checked.stderr.decode()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as front:
            assert front.status == 200
    finally:
        web.send_signal(signal.SIGTERM)
        web.wait(timeout=30)


def test_compose_runs_every_process_beside_postgresql_and_caddy() -> None:
    content = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
    services = content["services"]
    commands = {name: " ".join(each["command"]) for name, each in services.items() if "command" in each}
    assert_same(
        commands,
        {"migrate" if name == "release" else name: command for name, command in PROCESSES.items()}.keys(),
        missing="compose.yaml has this service, and Procfile no such process.",
        too_many="Procfile has this process, and compose.yaml no such service.",
    )
    assert commands["migrate"] == PROCESSES["release"]
    for name in ("web", "worker", "clock"):
        assert commands[name] == PROCESSES[name]
        service = services[name]
        assert service["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}
        assert service["read_only"] and service["cap_drop"] == ["ALL"]
        unknown = {each.lower() for each in service["environment"]} - Settings.model_fields.keys()
        assert not unknown
    assert "ports" not in services["database"] and "ports" not in services["web"], "only Caddy is reached"
    for service in services.values():
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            assert (ROOT / source).exists() if source.startswith("./") else source in content["volumes"]


def test_a_forgotten_value_of_compose_is_named_with_an_example() -> None:
    text = (ROOT / "compose.yaml").read_text("utf-8")
    for name in set(re.findall(r"\$\{(\w+)", text)):
        assert not re.search(rf"\$\{{{name}\}}", text), f"{name} has no sentence for when it is missing"
        assert f":?Set {name} in .env" in text


# Windows


@pytest.mark.parametrize("name", ["demo", "test", "start"])
def test_windows_runs_it_in_its_linux_or_says_how_to_get_one(name: str) -> None:
    raw = (ROOT / "script" / f"{name}.cmd").read_bytes()
    assert raw.count(b"\r\n") == raw.count(b"\n"), "cmd.exe wants its own line ends"
    text = raw.decode("utf-8")
    assert f"script/in-wsl.sh {name} %*" in text
    assert text.count("wsl --install -d Ubuntu") == 2, "in both languages"
    for label in re.findall(r"goto (\w+)", text):
        assert f"\r\n:{label}\r\n" in text
    assert (ROOT / "script" / name).exists()


def test_inside_windows_linux_the_program_is_copied_and_what_it_has_there_stays(tmp_path: Path) -> None:
    source, home = tmp_path / "C", tmp_path / "home"
    (source / "script").mkdir(parents=True)
    shutil.copy2(ROOT / "script" / "in-wsl.sh", source / "script")
    (source / "script" / "demo").write_text('#!/bin/sh\necho "runs in $PWD with $*"\n')
    there = home / "goen-on-windows"
    (there / "var").mkdir(parents=True)
    (there / "var" / "kept").touch()
    (source / "var").mkdir()
    (source / "var" / "not-copied").touch()
    command = ["sh", str(source / "script" / "in-wsl.sh"), "demo", "--once"]
    run = subprocess.run(
        command,
        env={"HOME": str(home), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == f"runs in {there} with --once\n"
    assert [path.name for path in (there / "var").iterdir()] == ["kept"]
