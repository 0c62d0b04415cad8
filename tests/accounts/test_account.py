"""An account: made once, changed by its person, closed with everything in it."""

import re
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts import operations, sessions
from accounts.actor import Actor, Caller
from accounts.errors import SignUpClosed
from accounts.hashers import Argon2id
from accounts.models import ApiSession, AuthEvent, User
from tests.accounts.conftest import PASSWORD, bearer, log_in, log_in_on_page, refresh
from tests.accounts.races import at_once, on_postgresql
from todos.models import TaskList

USERS = "/api/v1/users/"
ME = "/api/v1/users/me/"
READING = {"locale": "en-US", "date_order": "mdy", "week_start": 7}
SWITCHES = {"single_keys": False, "reminder_mails": False, "new_device_mails": False}
TAKEN = ["Someone already uses this e-mail address."]


@pytest.fixture
def program(alice: User) -> APIClient:
    client = APIClient()
    client.tokens = log_in(client, alice)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {client.tokens['access_token']}")
    return client


def sign_up(**fields: Any) -> Any:
    return APIClient().post(USERS, {"email": "ann@example.com", "password": PASSWORD} | fields)


def test_signing_up_makes_an_account_that_works_at_once(db: None) -> None:
    response = sign_up(email=" Ann@Example.COM ", time_zone="Europe/London")
    assert response.status_code == 201
    user = User.objects.get()
    assert response.json() == {
        "id": user.pk,
        "email": "ann@example.com",
        "created_at": user.created_at.isoformat().replace("+00:00", "Z"),
    }
    assert user.time_zone == "Europe/London"
    assert log_in(APIClient(), user)
    assert AuthEvent.objects.filter(user=user, kind=AuthEvent.Kind.SIGNED_UP).exists()


@pytest.mark.parametrize(
    "fields, errors",
    [
        ({"email": "ALICE@example.com"}, {"email": TAKEN}),
        ({"email": "ann"}, {"email": ["Enter a valid email address."]}),
        ({"email": ""}, {"email": ["This field may not be blank."]}),
        ({"email": 5}, {"email": ["Not a valid string."]}),
        ({"password": "12345678"}, {"password": ...}),
        ({"password": "ann@example.com"}, {"password": ...}),
        ({"password": "x" * 1001}, {"password": ...}),
        ({"email": "ann", "password": "short"}, {"email": ..., "password": ...}),
        ({"time_zone": "Mars/Phobos"}, {"time_zone": ["There is no such time zone."]}),
        ({"is_staff": True}, {"is_staff": ["There is no such field."]}),
        ({"id": 7}, {"id": ["This field cannot be changed."]}),
    ],
)
def test_a_refusal_names_each_field(alice: User, fields: Any, errors: Any) -> None:
    response = sign_up(**fields)
    assert response.status_code == 400
    assert response.json().keys() == errors.keys()
    assert all(response.json()[name] == text for name, text in errors.items() if text is not ...)
    assert User.objects.count() == 1


def test_signing_up_reads_no_authorization(db: None) -> None:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION="Bearer null")
    body = {"email": "ann@example.com", "password": PASSWORD}
    assert client.post(USERS, body, format="multipart").status_code == 201


def test_a_closed_server_says_so(db: None, settings: Any) -> None:
    settings.SIGN_UP = "closed"
    with pytest.raises(SignUpClosed):
        operations.sign_up(email="ann@example.com", password=PASSWORD)
    response = sign_up()
    assert response.status_code == 403
    assert response.json() == {"detail": "Nobody can create an account here at the moment."}
    page = Client().get(reverse("account_signup"))
    assert "account/signup_closed.html" in [template.name for template in page.templates]


def test_a_new_server_takes_its_first_account_only(db: None, settings: Any) -> None:
    settings.SIGN_UP = "first"
    assert sign_up().status_code == 201
    assert sign_up(email="bob@example.com").status_code == 403


def made_by_operation() -> None:
    operations.sign_up(email="ann@example.com", password=PASSWORD)


def made_by_api() -> None:
    assert sign_up().status_code == 201


def made_by_page() -> None:
    body = {"email": "ann@example.com", "password1": PASSWORD}
    assert Client().post(reverse("account_signup"), body).status_code == 302


def made_by_admin() -> None:
    admin = Client()
    admin.force_login(User.objects.create_superuser("root@example.com", PASSWORD))
    body = {
        "email": "ann@example.com",
        "usable_password": "true",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }
    assert admin.post(reverse("admin:accounts_user_add"), body).status_code == 302


def made_by_command() -> None:
    call_command("createsuperuser", email="ann@example.com", interactive=False, verbosity=0)


@pytest.mark.parametrize(
    "make", [made_by_operation, made_by_api, made_by_page, made_by_admin, made_by_command]
)
def test_everyone_has_one_inbox_and_one_address_however_they_were_made(db: None, make: Any) -> None:
    make()
    user = User.objects.get(email="ann@example.com")
    assert TaskList.objects.filter(owner=user, is_inbox=True).count() == 1
    (address,) = user.emailaddress_set.all()
    assert (address.email, address.primary, address.verified) == (user.email, True, False)


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_two_sign_ups_at_once_make_one_account_and_one_inbox() -> None:
    responses = at_once(lambda number: sign_up(email=f"{'Aa'[number]}nn@example.com"), 2)
    assert sorted(response.status_code for response in responses) == [201, 400]
    (refused,) = [response for response in responses if response.status_code == 400]
    assert refused.json() == {"email": TAKEN}
    assert User.objects.get().email == "ann@example.com"
    assert TaskList.objects.filter(is_inbox=True).count() == 1


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_until_there_is_one_account_two_at_once_make_one(settings: Any) -> None:
    settings.SIGN_UP = "first"
    responses = at_once(lambda number: sign_up(email=f"{number}@example.com"), 2)
    assert sorted(response.status_code for response in responses) == [201, 403]
    assert User.objects.count() == 1


def test_a_password_changed_meanwhile_is_not_brought_back(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    stale = User.objects.get(pk=alice.pk)
    alice.set_password("quite another good one")
    alice.save()
    monkeypatch.setattr(Argon2id, "time_cost", 3)
    assert stale.check_password(PASSWORD)
    assert User.objects.get(pk=alice.pk).check_password("quite another good one")


def test_losing_the_race_for_an_address_is_told_on_the_page(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose(*args: Any, **kwargs: Any) -> None:
        raise IntegrityError

    monkeypatch.setattr(User, "save", lose)
    body = {"email": "ann@example.com", "password1": PASSWORD}
    response = Client().post(reverse("account_signup"), body)
    assert response.status_code == 200
    assert response.context["form"].errors == {"email": TAKEN}


def test_the_profile_is_the_same_at_both_addresses(program: APIClient, alice: User) -> None:
    body = program.get(ME).json()
    fields = {"id", "email", "display_name", "time_zone", "created_at"}
    assert body.keys() == fields | READING.keys() | SWITCHES.keys()
    assert (body["id"], body["display_name"], body["time_zone"]) == (alice.pk, "Alice", "UTC")
    for path in ("get_user_data", "get_user_data/", "me"):
        assert program.get(f"{USERS}{path}").json() == body


def test_name_and_time_zone_can_be_changed(program: APIClient, alice: User) -> None:
    response = program.patch(ME, {"display_name": "  A. \n L. ", "time_zone": "Asia/Tokyo"})
    assert response.status_code == 200
    assert (response.json()["display_name"], response.json()["time_zone"]) == (
        "A. L.",
        "Asia/Tokyo",
    )
    assert program.patch(ME, {}).json() == program.get(ME).json()
    assert program.patch(ME, program.get(ME).json()).status_code == 200
    page = log_in_on_page(alice)
    assert page.post(reverse("accounts:settings"), {"display_name": "Alice"}).status_code == 302
    form = {"time_zone": "Europe/Paris"} | READING
    assert page.post(reverse("accounts:dates"), form).status_code == 302
    alice.refresh_from_db()
    assert (alice.display_name, alice.time_zone) == ("Alice", "Europe/Paris")


@pytest.mark.parametrize(
    "body, field",
    [
        ({"email": "other@example.com"}, "email"),
        ({"id": 0}, "id"),
        ({"is_staff": True}, "is_staff"),
        ({"time_zone": "../../etc/passwd"}, "time_zone"),
        ({"time_zone": None}, "time_zone"),
        ({"display_name": "x" * 81}, "display_name"),
        ({"display_name": 5}, "display_name"),
        ({"__proto__": {}}, "__proto__"),
    ],
)
def test_what_cannot_be_changed_is_named(program: APIClient, body: Any, field: str) -> None:
    response = program.patch(ME, body)
    assert (response.status_code, list(response.json())) == (400, [field])


def test_a_new_password_keeps_the_session_that_set_it(program: APIClient, alice: User) -> None:
    page, other = log_in_on_page(alice), log_in(APIClient(), alice)
    body = {"current": PASSWORD, "new": "a new passphrase"}
    assert program.post(f"{ME}password", body).status_code == 204
    assert program.get(ME).status_code == 200
    assert refresh(APIClient(), program.tokens["refresh_token"]).status_code == 200
    assert APIClient().get(ME, **bearer(other["access_token"])).status_code == 401
    assert page.get(reverse("accounts:settings")).status_code == 302
    alice.refresh_from_db()
    assert alice.check_password("a new passphrase")
    assert AuthEvent.objects.filter(kind=AuthEvent.Kind.PASSWORD_CHANGED).count() == 1
    assert ApiSession.objects.exclude(revoked_at=None).get().revoked_reason == "password_changed"


def test_a_new_password_needs_the_present_one_and_must_be_good(
    program: APIClient, alice: User
) -> None:
    wrong = program.post(f"{ME}password", {"current": "x", "new": "a new passphrase"})
    assert (wrong.status_code, wrong.json()) == (400, {"current": ["That is not your password."]})
    weak = program.post(f"{ME}password", {"current": PASSWORD, "new": "password"})
    assert (weak.status_code, weak.json().keys()) == (400, {"new"})
    with pytest.raises(ValidationError):
        operations.change_password(alice, new="password", keep=None)
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)


def test_the_admin_and_the_shell_end_all_sessions_by_changing_the_password(
    program: APIClient, alice: User
) -> None:
    page = log_in_on_page(alice)
    alice.set_password("set in the shell")
    alice.save()
    assert program.get(ME).status_code == 401
    assert page.get(reverse("accounts:settings")).status_code == 302


def close_over_the_api(alice: User) -> None:
    client = APIClient()
    headers = bearer(log_in(client, alice)["access_token"])
    wrong = client.delete(ME, {"password": "wrong"}, **headers)
    assert (wrong.status_code, wrong.json().keys()) == (400, {"password"})
    assert client.delete(ME, {}, **headers).status_code == 400
    assert client.delete(ME, {"password": PASSWORD}, **headers).status_code == 204
    assert client.get(ME, **headers).status_code == 401


def close_on_the_page(alice: User) -> None:
    page = log_in_on_page(alice)
    path = reverse("accounts:close-account")
    wrong = page.post(path, {"password": "wrong"})
    assert wrong.context["form"].errors == {"password": ["That is not your password."]}
    assert "Clear-Site-Data" not in wrong.headers
    response = page.post(path, {"password": PASSWORD})
    assert (response["Location"], response["Clear-Site-Data"]) == ("/", '"storage"')
    assert "_auth_user_id" not in page.session


def close_in_the_admin(alice: User) -> None:
    admin = Client()
    root = User.objects.create_superuser("root@example.com", PASSWORD)
    admin.force_login(root)
    path = reverse("admin:accounts_user_delete", args=[alice.pk])
    assert admin.post(path, {"post": "yes"}).status_code == 302
    root.delete()


def close_many_in_the_admin(alice: User) -> None:
    admin = Client()
    root = User.objects.create_superuser("root@example.com", PASSWORD)
    admin.force_login(root)
    body = {"action": "delete_selected", "_selected_action": [alice.pk], "post": "yes"}
    assert admin.post(reverse("admin:accounts_user_changelist"), body).status_code == 302
    root.delete()


def test_a_row_of_before_the_switches_has_them_on(alice: User) -> None:
    """While it is upgraded, a server of before still makes accounts, and names no new column."""
    fields = [field.column for field in User._meta.local_concrete_fields if not field.primary_key]
    columns = ", ".join(sorted(set(fields) - SWITCHES.keys()))
    values = columns.replace("email", "'ann@example.com'", 1)
    statement = f"INSERT INTO accounts_user ({columns}) SELECT {values} FROM accounts_user"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement)
    ann = User.objects.get(email="ann@example.com")
    assert {name: getattr(ann, name) for name in SWITCHES} == dict.fromkeys(SWITCHES, True)


@pytest.mark.parametrize(
    "close",
    [
        operations.close_account,
        close_over_the_api,
        close_on_the_page,
        close_in_the_admin,
        close_many_in_the_admin,
    ],
)
def test_closing_an_account_erases_everything_in_it(alice: User, bob: User, close: Any) -> None:
    log_in(APIClient(), alice)
    browser = log_in_on_page(alice)
    LogEntry.objects.create(
        user=bob,
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(alice.pk),
        object_repr="alice@example.com",
        action_flag=ADDITION,
    )
    close(alice)
    assert list(User.objects.all()) == [bob]
    for name, count in rows_of_people().items():
        assert count == (1 if name in {"User", "EmailAddress", "TaskList", "Journal"} else 0), name
    assert not Session.objects.filter(session_key=browser.session.session_key).exists()
    assert browser.get(reverse("accounts:settings")).status_code == 302


def rows_of_people() -> dict[str, int]:
    """How many rows every table has that hangs on a person."""
    related = [relation.related_model for relation in User._meta.related_objects]
    models = {User, LogEntry, *[model for model in related if isinstance(model, type)]}
    return {model.__name__: model._default_manager.count() for model in models}


def test_closing_twice_changes_nothing_more(alice: User) -> None:
    twin = User.objects.get(pk=alice.pk)
    operations.close_account(alice)
    operations.close_account(twin)
    assert not User.objects.exists()


def test_an_address_changed_by_an_operator_is_not_confirmed(alice: User) -> None:
    alice.emailaddress_set.update(verified=True)
    alice.email = "Alice@Example.org"
    alice.save()
    (address,) = alice.emailaddress_set.all()
    assert (address.email, address.verified) == ("alice@example.org", False)


def test_the_mail_of_a_sign_up_confirms_the_address(db: None) -> None:
    browser = Client(HTTP_HOST="127.0.0.1")
    body = {"email": "ann@example.com", "password1": PASSWORD, "time_zone": "Europe/Rome"}
    browser.post(reverse("account_signup"), body)
    assert User.objects.get().time_zone == "Europe/Rome"
    (message,) = mail.outbox
    link = re.search(r"http://testserver(\S+)", message.body)
    assert link and "127.0.0.1" not in message.body
    browser.post(link[1])
    assert User.objects.get().emailaddress_set.get().verified


def test_a_session_of_a_page_is_a_device_of_the_person(alice: User) -> None:
    log_in_on_page(alice)
    (device,) = sessions.devices_of(alice, current=None)
    assert device.client == "page"
    assert sessions.open_session(alice, client="token", caller=Caller()).client == "token"


def test_a_program_says_how_dates_are_read(program: APIClient, alice: User) -> None:
    assert program.patch(ME, READING).status_code == 200
    assert READING.items() <= program.get(ME).json().items()
    alice.refresh_from_db()
    assert (alice.locale, alice.date_order, alice.week_start) == ("en-US", "mdy", 7)


def test_a_program_switches_keys_and_mails_off(program: APIClient, alice: User) -> None:
    assert program.get(ME).json()["reminder_mails"] is True
    assert SWITCHES.items() <= program.patch(ME, SWITCHES).json().items()
    alice.refresh_from_db()
    assert (alice.single_keys, alice.reminder_mails, alice.new_device_mails) == (False,) * 3


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("locale", "de-DE"),
        ("locale", None),
        ("date_order", "dym"),
        ("week_start", 0),
        ("week_start", 8),
        ("week_start", "1"),
        ("week_start", True),
        ("single_keys", 0),
        ("reminder_mails", "false"),
        ("new_device_mails", None),
    ],
)
def test_what_cannot_be_read_so_is_refused(program: APIClient, field: str, value: Any) -> None:
    response = program.patch(ME, {field: value})
    assert (response.status_code, list(response.json())) == (400, [field])


def test_the_settings_page_says_how_dates_are_read(alice: User) -> None:
    browser = log_in_on_page(alice)
    body = {"time_zone": "UTC"} | READING
    assert browser.post(reverse("accounts:dates"), body).status_code == 302
    alice.refresh_from_db()
    assert (alice.locale, alice.date_order, alice.week_start) == ("en-US", "mdy", 7)


def test_a_person_is_where_they_say_or_else_where_their_account_is(alice: User) -> None:
    alice.time_zone = "Asia/Tokyo"
    lisbon = ZoneInfo("Europe/Lisbon")
    assert Actor(alice).zone == ZoneInfo("Asia/Tokyo")
    assert Actor(alice, here=lisbon).zone == lisbon
