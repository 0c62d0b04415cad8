"""Every address of the application."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from accounts.api.urls import urlpatterns as accounts_api
from todo_project import health, metrics, offline, security
from todo_project.doctor.page import doctor
from todos.api.urls import urlpatterns as todos_api

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    # First what is asked most: addresses are tried one after the other.
    path("api/v1/", include(([*todos_api, *accounts_api], "api"))),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("manifest.webmanifest", offline.manifest, name="manifest"),
    path("sw.js", offline.worker, name="service-worker"),
    path("offline", offline.offline, name="offline"),
    path("robots.txt", offline.robots, name="robots"),
    path(".well-known/security.txt", security.security_txt, name="security-txt"),
    path("", include("todos.urls")),
    path("", include("accounts.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("admin/doctor/", admin.site.admin_view(doctor), name="doctor"),
    path("admin/", admin.site.urls),
]

if settings.DEBUG:
    from debug_toolbar.toolbar import debug_toolbar_urls

    urlpatterns += debug_toolbar_urls()

handler400 = "todo_project.errors.bad_request"
handler403 = "todo_project.errors.permission_denied"
handler404 = "todo_project.errors.not_found"
handler500 = "todo_project.errors.server_error"
