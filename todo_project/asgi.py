"""The ASGI application, for servers that do not speak WSGI."""

import os

from django.conf import settings
from django.core.asgi import get_asgi_application

from todo_project.postgresql.options import limit_statements

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "todo_project.settings")

limit_statements(settings.DATABASES["default"])
application = get_asgi_application()
