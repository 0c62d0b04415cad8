"""The sections of a list."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.middleware import SignedInRequest
from todos import operations
from todos.forms import SectionForm
from todos.models import Section, TaskList
from todos.views.answers import done, post_only, show_refusal


@post_only
def create_section(request: SignedInRequest, pk: int) -> HttpResponse:
    """Add a section to a list; a name that was refused is shown again with the reason."""
    task_list = get_object_or_404(TaskList.objects.visible_to(request.user), pk=pk)
    form = SectionForm(request.POST)
    if form.is_valid():
        try:
            section, _created = operations.create_section(
                by=request.actor, task_list=task_list, **form.cleaned_data
            )
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            done(request, _("New section: %(section)s") % {"section": section}, section.noted)
            return redirect(section)
    context = {"form": form, "list": task_list}
    return render(request, "todos/section_form.html", context, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_section(request: SignedInRequest, pk: int) -> HttpResponse:
    section = get_object_or_404(Section.objects.visible_to(request.user), pk=pk)
    form = SectionForm(request.POST or None, instance=section)
    if form.is_valid():
        section = operations.change_section(section, by=request.actor, **form.cleaned_data)
        done(request, _("Saved: %(section)s") % {"section": section}, section.noted)
        return redirect(section)
    section = Section.objects.select_related("task_list").get(pk=pk)
    context = {"form": form, "section": section, "list": section.task_list}
    return render(request, "todos/section_form.html", context, status=422 if form.errors else 200)


@post_only
def step_section(request: SignedInRequest, pk: int) -> HttpResponse:
    """Move a section one step up or down in its list."""
    section = get_object_or_404(Section.objects.visible_to(request.user), pk=pk)
    is_down = request.POST.get("way") == "down"
    section = operations.step_section(section, by=request.actor, down=is_down)
    done(request, _("Moved: %(section)s") % {"section": section}, section.noted)
    return redirect(section)


@post_only
def delete_section(request: SignedInRequest, pk: int) -> HttpResponse:
    """Delete a section; its tasks stay in the list."""
    section = get_object_or_404(
        Section.objects.visible_to(request.user).select_related("task_list"), pk=pk
    )
    deleted = operations.delete_section(section, by=request.actor)
    done(request, _("Deleted the section: %(section)s") % {"section": section}, deleted)
    return redirect(section.task_list)
