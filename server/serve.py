"""The web processes."""

import logging
import signal
from functools import partial
from types import FrameType
from typing import Any

from uvicorn import Config, Server
from uvicorn.supervisors import Multiprocess

from server import logs
from server.app import create_app
from server.connections import Connection
from server.frames import FramedProtocol
from server.garbage import collect_seldom
from server.persisted import read_manifest
from server.settings import Settings

OPTIONS: dict[str, Any] = {
    "factory": True,
    "lifespan": "on",
    "log_config": None,  # ours
    "server_header": False,
    "http": Connection,
    "ws": FramedProtocol,
    "ws_max_size": 64 * 1024,
    "ws_max_queue": 32,
    "ws_ping_interval": 20.0,
    "ws_ping_timeout": 20.0,
    "ws_per_message_deflate": False,  # it costs memory for each socket, whether or not anything is sent
    "timeout_graceful_shutdown": 5,
    "timeout_keep_alive": 30,
}


def serve(settings: Settings) -> bool:
    """Serve until SIGTERM or Ctrl-C.

    Args:
        settings: with the addresses of database and Redis, and the secret.

    Returns:
        Whether the web ever came up.

    Raises:
        ManifestError: the file of trusted documents cannot be used.
    """
    _quiet()
    read_manifest(settings.documents, settings.documents_file)  # refused here rather than by every process
    config = Config(
        partial(_app, settings),
        host=settings.host,
        port=settings.port,
        workers=settings.web_workers,
        access_log=settings.log == "debug",
        **OPTIONS,
    )
    for order in (signal.SIGINT, signal.SIGTERM):
        signal.signal(order, _ended)
    if settings.web_workers == 1:
        server = Server(config)
        server.run()
        return server.started
    Multiprocess(config, sockets=[config.bind_socket()]).run()
    return True


def _app(settings: Settings) -> Any:
    """The application of one process, which may have been started for it."""
    logs.configure(settings.log)
    _quiet()
    collect_seldom()
    return create_app(settings)


def _ended(number: int, frame: FrameType | None) -> None:
    """Do nothing: uvicorn raises the signal that ended it once more, and there may be services to end after it."""


def _quiet() -> None:
    """Leave out what uvicorn says of its coming and going, unless everything is to be told."""
    if logging.root.level > logging.DEBUG:
        logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
