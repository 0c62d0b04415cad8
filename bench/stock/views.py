from django import forms
from django.contrib.auth.mixins import LoginRequiredMixin
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.generic import ListView, View
from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.viewsets import ModelViewSet

from bench.stock.models import Task
from bench.stock.serializers import CompletionSerializer, TaskSerializer


class TaskViewSet(ModelViewSet):
    serializer_class = TaskSerializer
    queryset = Task.objects.none()

    def get_queryset(self):
        tasks = Task.objects.filter(owner=self.request.user, trashed_at=None)
        return tasks.select_related("owner").prefetch_related("tags")

    def perform_create(self, serializer):
        user = self.request.user
        task_list = serializer.validated_data.get("task_list")
        serializer.save(
            owner=user, task_list=task_list or user.task_lists.filter(is_inbox=True).get()
        )

    def perform_update(self, serializer):
        serializer.save(version=serializer.instance.version + 1)

    @action(detail=True, methods=["put"])
    def complete(self, request, pk=None):
        task = self.get_object()
        serializer = CompletionSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        task.completed_at = timezone.now() if serializer.validated_data["completed"] else None
        task.version += 1
        task.save(update_fields=["completed_at", "version", "updated_at"])
        return Response(self.get_serializer(task).data)


class AddTaskForm(forms.ModelForm):
    class Meta:
        model = Task
        fields = ["title"]
        widgets = {
            "title": forms.TextInput(attrs={"autocomplete": "off", "placeholder": "Add a task"})
        }


class TodayView(LoginRequiredMixin, ListView):
    template_name = "stock/today.html"
    paginate_by = 100

    def get_queryset(self):
        tasks = self.request.user.tasks.filter(
            completed_at=None, trashed_at=None, due_on__lte=timezone.localdate()
        )
        tasks = tasks.select_related("task_list", "parent").prefetch_related("tags")
        return tasks.order_by("due_on", "due_time", "priority", "id")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        today = timezone.localdate()
        tasks = context["object_list"]
        return context | {
            "today": today,
            "overdue": [task for task in tasks if task.due_on < today],
            "due_today": [task for task in tasks if task.due_on == today],
            "done_count": self.request.user.tasks.filter(completed_at__date=today).count(),
            "form": AddTaskForm(),
        }


class AddView(LoginRequiredMixin, View):
    def post(self, request):
        form = AddTaskForm(request.POST)
        if form.is_valid():
            form.instance.owner = request.user
            form.instance.task_list = request.user.task_lists.get(is_inbox=True)
            form.instance.due_on = timezone.localdate()
            form.save()
        return redirect("today")


class ToggleView(LoginRequiredMixin, View):
    def post(self, request, pk):
        task = get_object_or_404(request.user.tasks, pk=pk)
        task.completed_at = None if task.completed else timezone.now()
        task.save(update_fields=["completed_at", "updated_at"])
        return redirect("today")


class TaskListView(LoginRequiredMixin, ListView):
    """The plainest of pages, for the links of the others to lead somewhere."""

    template_name = "stock/tasks.html"
    paginate_by = 100

    def get_queryset(self):
        return self.request.user.tasks.filter(trashed_at=None, **self.kwargs)
