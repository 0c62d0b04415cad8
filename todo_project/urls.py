"""Every address of the application."""

from django.contrib import admin
from django.urls import include, path

from todos.api.urls import urlpatterns as todos_api

api = [*todos_api]

urlpatterns = [
    path("api/v1/", include((api, "api"))),
    path("accounts/", include("allauth.account.urls")),
    path("admin/", admin.site.urls),
    path("", include("todos.urls")),
]
