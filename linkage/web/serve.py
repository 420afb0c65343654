"""Serve the page on the loopback until somebody stops it."""

from __future__ import annotations

import secrets
import socket
from typing import TYPE_CHECKING

from linkage.errors import DataError, MissingPartError

if TYPE_CHECKING:
    from collections.abc import Callable

    from linkage.web.desk import Desk

HOST = "127.0.0.1"


def check_parts() -> None:
    """Say before any work what is missing.

    Raises:
        MissingPartError: the server is not installed.
    """
    try:
        import starlette  # noqa: F401, PLC0415 - an optional part
        import uvicorn  # noqa: F401, PLC0415
    except ImportError:
        raise MissingPartError("the page needs a server: pip install 'linkage-rings[web]'") from None


def listen(port: int) -> socket.socket:
    """Take a port of the loopback; any that is free when 0.

    Raises:
        DataError: it is taken, or not for us to take.
    """
    taken = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((HOST, port))
        taken.listen(64)
    except OSError as error:
        taken.close()
        raise DataError(f"port {port} cannot be used: {error.strerror}; name another with --port") from None
    return taken


def serve(desk: Desk, at: socket.socket, *, tell: Callable[[str], None]) -> None:
    """Answer until interrupted.

    Args:
        desk: the case as the page sees it.
        at: where to listen, as ``listen`` gives it.
        tell: told the address that opens the page; it holds the token, and so is written to no log.
    """
    import uvicorn  # noqa: PLC0415 - an optional part

    from linkage.web.server import make_app  # noqa: PLC0415 - as above

    port = at.getsockname()[1]
    token = secrets.token_urlsafe(24)
    app = make_app(desk, port=port, token=token)
    # Neither addresses nor the text of an error belong in a log: both hold what strangers wrote.
    config = uvicorn.Config(
        app, log_level="critical", access_log=False, server_header=False, lifespan="off", proxy_headers=False
    )
    tell(f"http://{HOST}:{port}/?token={token}")
    uvicorn.Server(config).run(sockets=[at])
