from django.contrib.auth.views import LoginView
from django.urls import include, path
from rest_framework.routers import SimpleRouter
from rest_framework_simplejwt.views import TokenObtainPairView, TokenRefreshView

from bench.stock import views

router = SimpleRouter()
router.register("tasks", views.TaskViewSet, basename="task")

# The application's routes without their last slash, as its clients ask for them.
task = views.TaskViewSet.as_view(
    {"get": "retrieve", "put": "update", "patch": "partial_update", "delete": "destroy"}
)
api = [
    path("tasks/<int:pk>", task),
    path("tasks/complete/<int:pk>", views.TaskViewSet.as_view({"put": "complete"})),
    path("", include(router.urls)),
    path("token/", TokenObtainPairView.as_view()),
    path("token/refresh/", TokenRefreshView.as_view()),
]

urlpatterns = [
    path("api/v1/", include(api)),
    path("login/", LoginView.as_view(template_name="stock/login.html"), name="login"),
    path("today", views.TodayView.as_view(), name="today"),
    path("add", views.AddView.as_view(), name="add"),
    path("tasks/", views.TaskListView.as_view(), name="tasks"),
    path("tasks/<int:pk>", views.TaskListView.as_view(), name="task"),
    path("tasks/<int:pk>/toggle", views.ToggleView.as_view(), name="toggle"),
    path("lists/<int:task_list>", views.TaskListView.as_view(), name="list"),
    path("tags/<int:tags>", views.TaskListView.as_view(), name="tag"),
]
