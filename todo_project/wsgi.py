"""The WSGI application that a server such as waitress runs."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from todo_project.postgresql.options import limit_statements

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "todo_project.settings")

limit_statements(settings.DATABASES["default"])
application = get_wsgi_application()
