"""`comity run`, with stand-ins for web and worker."""

import os
import signal
import socket
import subprocess
import sys
import time

import psutil
import pytest

# Stands for `comity serve` and `comity worker`: writes down what happens to it.
CHILD = """
import os, signal, socket, subprocess, sys, time
from pathlib import Path

command, notes = sys.argv[1], Path(sys.argv[0]).with_name("notes")

def note(what):
    with notes.open("a") as file:
        file.write(f"{command} {what} {os.getpid()}\\n")

def end(*_):
    folder = os.environ["DATABASE_URL"].partition("?host=")[2]
    note("ends, database up" if Path(folder, ".s.PGSQL.5432").exists() else "ends, database gone")
    sys.exit(0)

stubborn = Path(sys.argv[0]).with_name("stubborn").exists()
signal.signal(signal.SIGTERM, signal.SIG_IGN if stubborn else end)
signal.signal(signal.SIGINT, lambda *_: note("got the Ctrl-C of its parent"))
assert len(os.environ["COMITY_SECRET"]) >= 32 and os.environ["REDIS_URL"]
if command == "serve":
    listener = socket.create_server(("127.0.0.1", int(os.environ["COMITY_PORT"])))
    note(f"has the grandchild {subprocess.Popen(['sleep', '600']).pid}")
note("starts")
while True:
    time.sleep(600)
"""

RUN = """
import asyncio, sys
from pathlib import Path
from server import logs, supervisor
from server.refusal import Refusal
from server.settings import Settings

here = Path(sys.argv[1])

def note(what):
    with (here / "notes").open("a") as file:
        file.write(what + "\\n")

async def migrate(settings):
    assert settings.database_url and settings.redis_url
    note("migrate")
    await asyncio.sleep(600 if (here / "slow").exists() else 0)

async def seed(settings):
    note("seed")

logs.configure()
try:
    supervisor.run(Settings.load(), migrate=migrate, seed=seed, announce=lambda settings: note("announce"),
                   program=(sys.executable, str(here / "child.py")))
except Refusal as refusal:
    sys.exit(str(refusal))
"""


class Run:
    """A supervisor in a process of its own."""

    def __init__(self, folder, workers=2):
        self.folder = folder
        self.port = free_port()
        (folder / "child.py").write_text(CHILD)
        (folder / "notes").touch()
        self.process = self.another(COMITY_WORKERS=str(workers))

    def another(self, **changed):
        environment = os.environ | {
            "COMITY_DATA": str(self.folder / "data"),
            "COMITY_PORT": str(self.port),
            **changed,
        }
        return subprocess.Popen(
            [sys.executable, "-c", RUN, self.folder], env=environment, stderr=subprocess.PIPE, text=True
        )

    def notes(self):
        return (self.folder / "notes").read_text().splitlines()

    def await_notes(self, *words, seconds=60):
        """Wait until as many lines as words hold them; return the process numbers at their ends."""
        deadline = time.monotonic() + seconds
        while True:
            found = [line for line in self.notes() if any(word in line for word in words)]
            if len(found) >= len(words):
                return [int(line.split()[-1]) for line in found if line.split()[-1].isdigit()]
            assert self.process.poll() is None, self.process.communicate()[1]
            assert time.monotonic() < deadline, self.notes()
            time.sleep(0.05)

    def await_started(self):
        return self.await_notes("serve starts", "worker starts", "worker starts", "announce")

    def processes(self):
        return psutil.Process(self.process.pid).children(recursive=True)

    def end(self, order):
        self.process.send_signal(order)
        _, errors = self.process.communicate(timeout=60)
        return errors


@pytest.fixture
def run(tmp_path):
    started = Run(tmp_path)
    yield started
    if started.process.poll() is None:
        started.end(signal.SIGTERM)
    started.process.wait()
    started.process.stderr.close()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def await_gone(processes):
    _, alive = psutil.wait_procs(processes, timeout=30)
    assert not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]


@pytest.mark.parametrize("order", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_everything_starts_and_ends_in_order(run, order):
    run.await_started()
    steps = [line.split()[0] for line in run.notes() if "grandchild" not in line]
    assert steps[:2] == ["migrate", "seed"]
    assert sorted(steps[2:]) == ["announce", "serve", "worker", "worker"]
    processes = run.processes()
    errors = run.end(order)
    assert run.process.returncode == 0
    assert "Traceback" not in errors
    assert sum("ends, database up" in line for line in run.notes()) == 3
    assert not any("gone" in line or "Ctrl-C" in line for line in run.notes())
    await_gone(processes)
    assert not (run.folder / "data" / "services.json").exists()


def test_a_process_that_ends_is_started_again_and_what_it_left_behind_is_ended(run):
    run.await_started()
    (grandchild,) = (int(line.split()[4]) for line in run.notes() if "grandchild" in line)
    serve = next(int(line.split()[-1]) for line in run.notes() if line.startswith("serve starts"))
    os.kill(serve, signal.SIGKILL)
    run.await_notes("serve starts", "serve starts")
    await_gone([psutil.Process(grandchild)] if psutil.pid_exists(grandchild) else [])
    assert '"process": "web"' in run.end(signal.SIGINT)
    assert run.notes().count("announce") == 1


def test_after_kill_9_of_the_supervisor_nothing_is_left(run):
    run.await_started()
    processes = [process for process in run.processes() if process.name() != "sleep"]
    names = {process.name() for process in processes}
    assert {"postgres", "redis-server"} <= names
    run.process.kill()
    run.process.wait()
    await_gone(processes)
    assert sum("ends, database" in line for line in run.notes()) == 3
    os.kill(next(int(line.split()[4]) for line in run.notes() if "grandchild" in line), signal.SIGKILL)


def test_a_service_that_ends_is_started_again(run):
    run.await_started()
    (redis,) = [process for process in run.processes() if process.name() == "redis-server"]
    redis.kill()
    deadline = time.monotonic() + 30
    while redis.pid in (found := {p.pid for p in run.processes() if p.name() == "redis-server"}) or not found:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert '"service": "Redis"' in run.end(signal.SIGINT)


def test_a_second_run_on_the_same_data_is_refused_in_a_sentence(run):
    run.await_started()
    second = run.another(COMITY_PORT=str(free_port()))
    _, errors = second.communicate(timeout=60)
    assert second.returncode == 1
    assert errors.startswith("Comity already runs on the data folder")
    assert "Traceback" not in errors


def test_a_port_that_is_taken_is_named(run, tmp_path):
    run.await_started()
    second = run.another(COMITY_DATA=str(tmp_path / "other"))
    _, errors = second.communicate(timeout=60)
    assert second.returncode == 1
    assert errors.startswith(f"Comity cannot listen on 127.0.0.1, port {run.port}")
    assert "Traceback" not in errors


def test_ctrl_c_while_the_tables_are_made_ends_without_a_traceback(tmp_path):
    (tmp_path / "slow").touch()
    run = Run(tmp_path)
    run.await_notes("migrate")
    errors = run.end(signal.SIGINT)
    assert run.process.returncode == 0
    assert "Traceback" not in errors
    assert run.notes() == ["migrate"]


def test_a_second_ctrl_c_does_not_wait(tmp_path):
    (tmp_path / "stubborn").touch()
    run = Run(tmp_path)
    run.await_started()
    processes = run.processes()
    run.process.send_signal(signal.SIGINT)
    time.sleep(0.5)
    started = time.monotonic()
    assert "Traceback" not in run.end(signal.SIGINT)
    assert time.monotonic() - started < 15
    await_gone(processes)
