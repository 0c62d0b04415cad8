"""The pages of an account that are our own; allauth has the others."""

from django.urls import path

from accounts import views

app_name = "accounts"

urlpatterns = [
    path("settings", views.settings, name="settings"),
    path("devices", views.devices, name="devices"),
    path("security-log", views.security_log, name="security-log"),
    path("devices/<uuid:pk>/rename", views.rename_session, name="rename-session"),
    path("devices/<uuid:pk>/end", views.end_session, name="end-session"),
    path("devices/let-in", views.let_in, name="let-in"),
    path("devices/end-others", views.end_other_sessions, name="end-other-sessions"),
    path("close-account", views.close_account, name="close-account"),
]
