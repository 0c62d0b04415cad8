"""Operators see people, sessions and events, and sign devices out."""

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import ApiSession, AuthEvent, User
from tests.accounts.conftest import hashed_password, log_in, refresh


@pytest.fixture
def admin(db: None) -> Client:
    client = Client()
    client.force_login(
        User.objects.create(
            email="root@example.com",
            password=hashed_password(),
            is_staff=True,
            is_superuser=True,
        )
    )
    return client


@pytest.mark.parametrize("model", ["user", "apisession", "authevent"])
def test_each_list_and_row_can_be_looked_at(admin: Client, alice: User, model: str) -> None:
    log_in(APIClient(), alice)
    row = {
        "user": alice,
        "apisession": ApiSession.objects.get(),
        "authevent": AuthEvent.objects.get(),
    }
    assert (
        admin.get(reverse(f"admin:accounts_{model}_changelist"), {"q": "alice"}).status_code == 200
    )
    path = reverse(f"admin:accounts_{model}_change", args=[row[model].pk])
    page = admin.get(path)
    assert page.status_code == 200
    assert ApiSession.objects.get().password_fingerprint not in page.content.decode()


@pytest.mark.parametrize("model", ["apisession", "authevent"])
def test_sessions_and_events_can_only_be_looked_at(admin: Client, alice: User, model: str) -> None:
    log_in(APIClient(), alice)
    row = {"apisession": ApiSession.objects.get(), "authevent": AuthEvent.objects.get()}[model]
    assert admin.get(reverse(f"admin:accounts_{model}_add")).status_code == 403
    change = reverse(f"admin:accounts_{model}_change", args=[row.pk])
    assert admin.post(change, {"label": "x"}).status_code == 403
    assert admin.post(reverse(f"admin:accounts_{model}_delete", args=[row.pk])).status_code == 403


def test_an_operator_signs_devices_out(admin: Client, alice: User) -> None:
    client = APIClient()
    token = log_in(client, alice)["refresh_token"]
    session = ApiSession.objects.get()
    body = {"action": "revoke", "_selected_action": [session.pk]}
    admin.post(reverse("admin:accounts_apisession_changelist"), body)
    session.refresh_from_db()
    assert session.revoked_reason == "admin"
    assert refresh(client, token).status_code == 401


def test_whoever_may_only_look_signs_nobody_out(alice: User, bob: User) -> None:
    from django.contrib.auth.models import Permission

    log_in(APIClient(), alice)
    bob.is_staff = True
    bob.save()
    bob.user_permissions.add(Permission.objects.get(codename="view_apisession"))
    client = Client()
    client.force_login(bob)
    body = {"action": "revoke", "_selected_action": [ApiSession.objects.get().pk]}
    client.post(reverse("admin:accounts_apisession_changelist"), body)
    assert ApiSession.objects.get().revoked_at is None


def test_a_person_can_be_changed_and_deactivated(admin: Client, alice: User) -> None:
    client = APIClient()
    token = log_in(client, alice)["refresh_token"]
    path = reverse("admin:accounts_user_change", args=[alice.pk])
    body = {"email": "Alice@Example.org", "display_name": "A", "time_zone": "UTC"}
    body |= {"locale": "en-GB", "date_order": "dmy", "week_start": "1"}
    assert admin.post(path, body).status_code == 302
    alice.refresh_from_db()
    assert (alice.email, alice.is_active) == ("alice@example.org", False)
    assert refresh(client, token).status_code == 401
