"""Answers that are given again to a repeated request."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.utils import timezone

from accounts.models import User

KEPT_FOR = timedelta(hours=24)


class StoredAnswer(models.Model):
    """The answer to a request that named an Idempotency-Key, kept in the transaction of its
    effect, for KEPT_FOR."""

    owner = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    method = models.CharField(max_length=8)
    path = models.CharField(max_length=255)
    key = models.CharField(max_length=255)
    body_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="answer_age")]
        constraints = [
            models.UniqueConstraint(fields=["owner", "method", "path", "key"], name="answer_once"),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"
