"""Notices when the client of a long answer goes away, also while nothing is being sent to it."""

import select
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import request

STALLED_AFTER_SECONDS = 60
ASK_AGAIN_MS = 100
# Linux tells when the other side has closed its half; elsewhere only a whole hang-up is told.
HANG_UP = getattr(select, "POLLRDHUP", 0)


@contextmanager
def client_watched(on_gone: Callable[[], None]) -> Iterator[None]:
    """Call ``on_gone``, from another thread and again until this is left, once the request's client has hung up.

    A client that takes none of what is sent for a minute is cut off by the socket's own time limit. Outside gunicorn
    there is no socket to watch.
    """
    client: socket.socket | None = request.environ.get("gunicorn.socket")
    if client is None:
        yield
        return
    # For one part of the answer; gunicorn sets the socket back to blocking before the next request on it.
    client.settimeout(STALLED_AFTER_SECONDS)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        watcher = threading.Thread(target=_watch, args=(client.fileno(), theirs.fileno(), on_gone), daemon=True)
        watcher.start()
        try:
            yield
        finally:
            ours.send(b"\0")
            watcher.join()


def _watch(client: int, left: int, on_gone: Callable[[], None]) -> None:
    both, leaving = select.poll(), select.poll()
    both.register(client, HANG_UP)
    both.register(left, select.POLLIN)
    leaving.register(left, select.POLLIN)
    if left in dict(both.poll()):
        return
    # A statement that is only about to begin does not notice: it is told again.
    on_gone()
    while not leaving.poll(ASK_AGAIN_MS):
        on_gone()
