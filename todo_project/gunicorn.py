"""How gunicorn serves the application: `gunicorn -c python:todo_project.gunicorn`."""

import os
import signal

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "todo_project.settings")

from django.conf import settings

from accounts.processes import LIFELINE, end_with_parent

wsgi_app = "todo_project.wsgi"
worker_class = "gthread"
workers = settings.WEB_PROCESSES
threads = settings.WEB_THREADS
timeout = 30
graceful_timeout = 30
keepalive = 5
loglevel = "warning"
# Lines of the access log would hold what people search for.
accesslog = None
control_socket_disable = True


def leave_ctrl_c_to_parent() -> None:
    """Ctrl-C reaches every process of a terminal; `manage.py serve` makes it a graceful end."""
    if LIFELINE in os.environ:
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def when_ready(server: object) -> None:
    leave_ctrl_c_to_parent()
    end_with_parent()


def post_worker_init(worker: object) -> None:
    leave_ctrl_c_to_parent()
