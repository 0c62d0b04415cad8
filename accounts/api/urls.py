"""The routes of accounts, written as docs/api.md shows them; each answers with either slash."""

from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from accounts.api import oauth, tokens, views
from accounts.api.routing import path

sessions = views.SessionViewSet

urlpatterns = [
    path("login", tokens.Login.as_view(), name="login"),
    path("refresh", tokens.Refresh.as_view(), name="refresh"),
    path("logout", tokens.Logout.as_view(), name="logout"),
    path("token/", tokens.TokenPair.as_view(), name="token"),
    path("token/refresh/", tokens.TokenPairRefresh.as_view(), name="token-refresh"),
    path("token/verify/", tokens.TokenVerify.as_view(), name="token-verify"),
    path("auth/token", oauth.Token.as_view(), name="auth-token"),
    path("auth/device", oauth.Device.as_view(), name="auth-device"),
    path("auth/revoke", oauth.Revoke.as_view(), name="auth-revoke"),
    path("auth/introspect", oauth.Introspect.as_view(), name="auth-introspect"),
    path("users/", views.Users.as_view(), name="users"),
    path("users/get_user_data", views.CurrentUser.as_view(), name="user-data"),
    path("users/me/", views.Me.as_view(), name="me"),
    path("users/me/password", views.Password.as_view(), name="password"),
    path(
        "sessions/",
        sessions.as_view({"get": "list", "delete": "destroy_others"}),
        name="sessions",
    ),
    path(
        "sessions/<uuid:pk>",
        sessions.as_view({"patch": "partial_update", "delete": "destroy"}),
        name="session",
    ),
    path("schema/", SpectacularAPIView.as_view(authentication_classes=[]), name="schema"),
    path(
        "docs/",
        SpectacularSwaggerSplitView.as_view(
            url_name="api:schema", template_name="api/docs.html", authentication_classes=[]
        ),
        name="docs",
    ),
]
