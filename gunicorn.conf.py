"""What gunicorn is told when the command line and GUNICORN_CMD_ARGS say nothing else."""

import os
from typing import Any

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"

# Processes rather than threads: writers on SQLite wait far more fairly for each other. The threaded worker, with one
# thread, because a browser's idle spare connection would hold up a plain one.
workers = int(os.environ.get("WEB_CONCURRENCY", min(4, max(2, os.cpu_count() or 2))))
worker_class = "gthread"
threads = 1

graceful_timeout = 15
control_socket_disable = True

# The application is read once and shared by the processes made from it: it starts sooner and takes less memory.
preload_app = True


def post_worker_init(worker: Any) -> None:
    """What is opened in each process and not before it is divided: the language model."""
    worker.app.wsgi().extensions["kit"].triage.understanding.open()


def on_starting(server: Any) -> None:
    """No connection may be carried into the processes made after this: each opens its own."""
    server.app.wsgi().extensions["huey"].storage.close()
