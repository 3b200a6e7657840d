"""How gunicorn serves the app; every setting that a deployment may want to change is an environment variable."""

import gc
import os
from pathlib import Path
from threading import Timer
from typing import Any

LOAD_SOLVER_AFTER_S = 5

wsgi_app = "app:server"
bind = os.environ.get("MARQUEE_BIND", "127.0.0.1:8050")
workers = int(os.environ.get("MARQUEE_WORKERS", "2"))
worker_class = "gthread"
threads = 4
# DuckDB must not be open before a fork.
preload_app = False
timeout = 60
graceful_timeout = 30
keepalive = 5
# 0: no limit of gunicorn's own (any other value is cut to 8,190). A link that is too long then reaches the app, which
# says so in words; filters longer than queries.filters.MAX_SEARCH_CHARACTERS are not parsed.
limit_request_line = 0
# By default gunicorn opens a control socket in the home folder.
control_socket_disable = True
# Off unless asked for. The path is logged without its query string, which tells what someone looks at.
accesslog = os.environ.get("MARQUEE_ACCESS_LOG") or None
access_log_format = '%(h)s %(t)s "%(m)s %(U)s" %(s)s %(B)s %(M)sms'
errorlog = "-"
loglevel = os.environ.get("MARQUEE_LOG_LEVEL", "info")


def post_fork(_server: Any, _worker: Any) -> None:
    """Begin a worker without looking for garbage among what it imports, all of which stays."""
    gc.disable()


def post_worker_init(worker: Any) -> None:
    """Answer one page, open the warehouse and run one query before the worker takes requests.

    Parallel first requests would race in Dash's own set-up, and the first query of a process is the slowest.
    """
    browser = worker.wsgi.test_client()
    for path in ("/", "/health", "/export/viewing_summary.csv"):
        response = browser.get(path)
        if path == "/health" and _awaits_data():
            break
        if response.status_code >= 400:
            worker.log.warning("%s answered %s: %s", path, response.status_code, response.text)
            break
    # What is there now stays: to look through all of it for garbage would stop an answer for a fifth of a second.
    gc.collect()
    gc.freeze()
    gc.enable()
    # Not by the process that starts the workers, which needs none of it.
    from definitions.colours.distances import load_solver

    # What look-alikes take is loaded once the first pages, which have no use for it, have been answered.
    later = Timer(LOAD_SOLVER_AFTER_S, load_solver)
    later.daemon = True
    later.start()


def _awaits_data() -> bool:
    """Say whether the warehouse is empty, and its owner about to connect the first data."""
    warehouse = Path(os.environ.get("MARQUEE_WAREHOUSE", "data/warehouse"))
    return os.environ.get("MARQUEE_CONNECT") == "1" and not (warehouse / "current").exists()
