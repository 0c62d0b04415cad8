"""Pages stay where they are while they load, and stay whole for those who need them otherwise."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.actor import Actor
from accounts.models import User
from tests.e2e.conftest import DESKTOP, PHONE, OpenPage, keep_picture
from todos import operations
from todos.models import Task, TaskList

# What moved by itself, and how far (web.dev/cls); what follows a key or a click does not count.
WATCH = """
  window.shifts = [];
  window.watcher = new PerformanceObserver((list) => window.shifts.push(...list.getEntries()));
  window.watcher.observe({ type: "layout-shift", buffered: true });
"""
SHIFTED = """async () => {
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  return [...window.shifts, ...window.watcher.takeRecords()]
    .filter((shift) => !shift.hadRecentInput)
    .map(({ value, sources }) => [value, ...sources.map(({ node }) => node?.className)]);
}"""
# Elements with words of their own that do not fit in, and hide the rest without a sign (…).
CUT = """() => [...document.querySelectorAll("body *")]
  .filter(({ childNodes }) => [...childNodes].some(({ data }) => data?.trim()))
  .filter((element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
  .filter((element) => !element.closest(".visually-hidden, .skip-link, dialog, svg"))
  .filter((element) => {
    const { overflow, textOverflow } = getComputedStyle(element);
    return /hidden|clip/.test(overflow) && textOverflow !== "ellipsis";
  })
  .filter((element) => element.scrollWidth > element.clientWidth + 1
    || element.scrollHeight > element.clientHeight + 1)
  .map((element) => element.outerHTML.slice(0, 120))
"""
SIDEWAYS = "() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"

PAGES = [
    *("/today", "/inbox", "/upcoming", "/calendar", "/done", "/settings", "/settings/security"),
    *("/lists/{list}", "/tasks/{task}"),
]


@pytest.fixture
def robin(transactional_db: None) -> User:
    """A person with what people usually have."""
    user = User.objects.create(email="robin@example.org", display_name="Robin")
    by, today = Actor(user), timezone.localdate()
    home, _ = operations.create_list(by=by, name="Home and garden", color="green")
    for number in range(12):
        operations.create_task(
            by=by,
            title=f"Write to Ann about chapter {number}, and send her the pictures of last summer",
            task_list=home if number % 2 else None,
            tags=["errand", "call"][: number % 3],
            priority=number % 4 + 1,
            due_on=today + timedelta(days=number % 4 - 1),
            rule="FREQ=WEEKLY" if number % 5 == 0 else "",
        )
    return user


def address_of(path: str, user: User) -> str:
    task = Task.objects.filter(owner=user).latest("pk")
    task_list = TaskList.objects.get(owner=user, is_inbox=False)
    return path.format(task=task.pk, list=task_list.pk)


def leave_a_notice(page: Page, user: User) -> None:
    """Have the next page tell something, with an Undo."""
    page.goto("/today")
    token = page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    task = Task.objects.filter(owner=user, rule="").earliest("pk")
    form = {"csrfmiddlewaretoken": token, "done": "1"}
    done = page.request.post(f"/tasks/{task.pk}/complete", form=form, max_redirects=0)
    assert done.status == 302


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["390", "1280"])
def test_nothing_moves_while_a_page_loads(
    open_page: OpenPage, robin: User, screen: dict[str, object]
) -> None:
    page = open_page(robin, **screen)
    page.add_init_script(WATCH)
    for path in PAGES:
        page.goto(address_of(path, robin), wait_until="networkidle")
        shifts = page.evaluate(SHIFTED)
        assert sum(shift[0] for shift in shifts) <= 0.02, (path, shifts)


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["390", "1280"])
def test_a_notice_moves_nothing(
    open_page: OpenPage, robin: User, screen: dict[str, object]
) -> None:
    page = open_page(robin, **screen)
    page.add_init_script(WATCH)
    for path in ("/today", "/lists/{list}", "/settings"):
        leave_a_notice(page, robin)
        page.goto(address_of(path, robin), wait_until="networkidle")
        expect(page.locator("#status .notice")).to_contain_text("Done:")
        shifts = page.evaluate(SHIFTED)
        assert sum(shift[0] for shift in shifts) <= 0.02, (path, shifts)


def test_text_of_twice_the_size_is_not_cut(open_page: OpenPage, robin: User) -> None:
    page = open_page(robin, **DESKTOP)
    for path in PAGES:
        page.goto(address_of(path, robin))
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate(SIDEWAYS) <= 0, path
        assert page.evaluate(CUT) == [], path
    keep_picture(page, "steadiness-text-200")


def test_a_page_at_twice_the_size_is_not_cut(open_page: OpenPage, robin: User) -> None:
    # 1280 pixels at 200 % are 640 for the page.
    page = open_page(robin, viewport={"width": 640, "height": 430})
    for path in PAGES:
        page.goto(address_of(path, robin))
        assert page.evaluate(SIDEWAYS) <= 0, path
        assert page.evaluate(CUT) == [], path
    keep_picture(page, "steadiness-zoom-200")


def test_colours_of_the_system_leave_every_shape(open_page: OpenPage, robin: User) -> None:
    page = open_page(robin, forced_colors="active", **DESKTOP)
    page.goto("/today")
    keep_picture(page, "steadiness-forced-colors")
    ring = page.locator("button.check").first
    assert (
        ring.evaluate(
            "ring => parseFloat(getComputedStyle(ring, '::before').borderTopWidth)"
            " || parseFloat(getComputedStyle(ring).borderTopWidth)"
        )
        > 0
    )
    outlines = "links => links.map(link => getComputedStyle(link).outlineStyle)"
    assert set(page.locator("[aria-current]:visible").evaluate_all(outlines)) == {"solid"}
    dots = "dots => dots.map(dot => getComputedStyle(dot, '::before').backgroundColor)"
    assert len(set(page.locator(".task .dot").evaluate_all(dots))) == 2


def test_nothing_runs_for_those_who_want_less_motion(open_page: OpenPage, robin: User) -> None:
    page = open_page(robin, reduced_motion="reduce", **DESKTOP)
    page.goto("/today")
    page.locator("button.check").first.click()
    expect(page.locator("#status .notice")).to_contain_text("Done:")
    lengths = "() => document.getAnimations().map(each => each.effect.getComputedTiming().duration)"
    assert [length for length in page.evaluate(lengths) if length > 1] == []
    keep_picture(page, "steadiness-reduced-motion")
