"""All addresses of the application, and the stock page beside them."""

from django.urls import path

from bench.stock.views import today
from todo_project.urls import urlpatterns as ours

urlpatterns = [*ours, path("stock/today", today)]
