"""Time zones as people look for theirs: by region, then by city."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import groupby

from django.utils.choices import BaseChoiceIterator
from django.utils.translation import gettext_lazy as _

from accounts.validators import time_zones

REGIONS = [
    *["Africa", "America", "Antarctica", "Arctic", "Asia"],
    *["Atlantic", "Australia", "Europe", "Indian", "Pacific"],
]
Choice = tuple[object, object]


def region_of(zone: str) -> str:
    """The region of `zone`; "" for an older name, such as US/Eastern, or a fixed distance."""
    region = zone.partition("/")[0]
    return region if region in REGIONS else ""


def city_of(zone: str) -> str:
    """Europe/Berlin is Berlin, America/Indiana/Knox is Indiana, Knox."""
    region = region_of(zone)
    return zone.removeprefix(f"{region}/").replace("_", " ").replace("/", ", ") if region else zone


@cache
def zone_choices() -> list[Choice]:
    """The choices of a field: UTC, then each region with its cities, then all other names."""
    names = sorted(set(time_zones()) - {"UTC"}, key=lambda zone: (not region_of(zone), zone))
    groups = [
        (region or _("Other names"), [(zone, city_of(zone)) for zone in zones])
        for region, zones in groupby(names, key=region_of)
    ]
    return [("UTC", "UTC"), *groups]


class ZoneChoices(BaseChoiceIterator):
    """The choices of a field of zones, after those given. A list is looked through by Django for
    each form, which costs more than the page.
    """

    def __init__(self, *first: Choice) -> None:
        self.first = first

    def __iter__(self) -> Iterator[Choice]:
        yield from self.first
        yield from zone_choices()
