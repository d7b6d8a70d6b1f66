"""Whether web and worker are well, as a container asks."""

import socket
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from redis import Redis

from server import probe
from server.settings import Settings


class Answer(BaseHTTPRequestHandler):
    status = 200

    def do_GET(self):
        self.send_response(self.status if self.path == "/healthz" else 404)
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def web():
    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield Settings(port=server.server_port)
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(("status", "well"), [(200, True), (503, False)])
def test_the_web_is_well_when_it_says_so(web, monkeypatch, status, well):
    monkeypatch.setattr(Answer, "status", status)
    assert probe.web_is_well(web) is well


def test_a_web_that_does_not_answer_is_not_well():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert not probe.web_is_well(Settings(port=port))


def test_a_worker_is_well_while_redis_remembers_its_heartbeat(private_redis):
    settings = Settings(redis_url=private_redis.url)
    assert not probe.worker_is_well(settings)
    with Redis.from_url(private_redis.url) as redis:
        redis.set(probe.worker_key(), "1")
    assert probe.worker_is_well(settings)
    private_redis.kill()
    assert not probe.worker_is_well(settings)


def test_the_answer_is_the_exit_status(web, private_redis):
    def ask(settings, part):
        command = [sys.executable, "-m", "server.probe", part]
        return subprocess.run(command, env=settings.environment(), check=False).returncode

    assert ask(web, "web") == 0
    assert ask(Settings(redis_url=private_redis.url), "worker") == 1
