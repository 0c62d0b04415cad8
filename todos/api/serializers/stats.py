"""Statistics as the API shows them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class DoneOnDaySerializer(serializers.Serializer[Any]):
    day = serializers.DateField()
    done = serializers.IntegerField()


class DoneInWeekSerializer(serializers.Serializer[Any]):
    start = serializers.DateField(help_text="The first day of the week.")
    done = serializers.IntegerField()


class StatsSerializer(serializers.Serializer[Any]):
    total = serializers.IntegerField()
    streak = serializers.IntegerField(help_text="Days in a row with something done.")
    best_streak = serializers.IntegerField(help_text="The longest streak ever.")
    days = DoneOnDaySerializer(many=True)
    weeks = DoneInWeekSerializer(many=True)
