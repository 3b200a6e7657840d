"""What `marquee serve` checks and sets before gunicorn takes its place."""

import os
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

from definitions.errors import UserError
from definitions.hosts import LOOPBACK
from definitions.manifest import POINTER_FILE
from queries.db import Warehouse

ALL_ADDRESSES = ("0.0.0.0", "::")  # noqa: S104 - told apart from a name, not listened on


@dataclass(frozen=True, slots=True)
class Launch:
    """A server about to start: gunicorn's configuration, what is set for it, and what a person is told."""

    configuration: Path
    environment: dict[str, str]
    sentences: tuple[str, ...]

    def start(self) -> None:
        """Become gunicorn: this process ends here."""
        os.environ |= self.environment
        here = str(self.configuration.parent)
        command = [sys.executable, "-m", "gunicorn", "--config", str(self.configuration), "--chdir", here]
        os.execv(sys.executable, command)  # noqa: S606 - our own interpreter, no shell


def prepare(
    warehouse: Path,
    configuration: Path,
    *,
    host: str,
    port: int,
    workers: int,
    allowed_hosts: tuple[str, ...],
    connect: bool,
) -> Launch:
    """Return how to serve ``warehouse``, which may be empty where connecting data is offered: on loopback alone.

    Raises UserError when gunicorn's ``configuration`` is missing or the port is taken, WarehouseError when there is
    nothing to serve.
    """
    if not configuration.is_file():
        raise UserError(f"{configuration} is missing: install Marquee from its checkout, with pip install --editable.")
    host = host.strip("[]")
    hosts = [*filter(None, [os.environ.get("MARQUEE_HOSTS")]), *allowed_hosts]
    connect = connect and host in LOOPBACK and not hosts
    is_empty = not (warehouse / POINTER_FILE).exists()
    if not (connect and is_empty):
        Warehouse(warehouse).current()
    _refuse_port_in_use(host, port)
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    link = f"http://localhost:{port}" if host in ALL_ADDRESSES else f"http://{address}"
    sentences = [f"Marquee serves {warehouse} at {link} (Ctrl-C stops it)"]
    if host in ALL_ADDRESSES and not hosts:
        sentences.insert(0, f"On {host}, only {link} is answered. Add each other name: --allow-host NAME")
    elif host not in ALL_ADDRESSES:
        hosts.append(host)
    if is_empty:
        sentences.append(f"It holds no data yet. Connect yours at {link}/connect")
    environment = {
        "MARQUEE_WAREHOUSE": str(warehouse.resolve()),
        "MARQUEE_BIND": address,
        "MARQUEE_HOSTS": ",".join(hosts),
        "MARQUEE_WORKERS": str(workers),
        "MARQUEE_CONNECT": "1" if connect else "",
    }
    return Launch(configuration, environment, tuple(sentences))


def _refuse_port_in_use(host: str, port: int) -> None:
    try:
        with socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET):
            pass
    except OSError as error:
        raise UserError(
            f"{host}:{port} cannot be listened on ({error.strerror}). Stop what uses it, or choose another --port."
        ) from error
