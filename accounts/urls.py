"""The pages of an account that are our own; allauth has the others."""

from django.urls import path

from accounts.views import account, devices, settings

app_name = "accounts"

urlpatterns = [
    path("settings", settings.profile, name="settings"),
    path("settings/dates", settings.dates, name="dates"),
    path("settings/appearance", settings.appearance, name="appearance"),
    path("settings/keys", settings.keys, name="keys"),
    path("settings/notifications", settings.notifications, name="notifications"),
    path("settings/security", settings.security, name="security"),
    path("settings/data", settings.data, name="data"),
    path("devices", devices.devices, name="devices"),
    path("security-log", account.security_log, name="security-log"),
    path("devices/<uuid:pk>/rename", devices.rename_session, name="rename-session"),
    path("devices/<uuid:pk>/end", devices.end_session, name="end-session"),
    path("devices/let-in", devices.let_in, name="let-in"),
    path("devices/end-others", devices.end_other_sessions, name="end-other-sessions"),
    path("close-account", account.close_account, name="close-account"),
]
