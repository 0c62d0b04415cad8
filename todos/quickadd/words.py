"""The words that quick add knows, in tables: another language is other tables."""

from __future__ import annotations

from datetime import time

WEEKDAYS = {
    "monday": 0,
    "tuesday": 1,
    "wednesday": 2,
    "thursday": 3,
    "friday": 4,
    "saturday": 5,
    "sunday": 6,
}
SHORT_WEEKDAYS = {
    "mon": 0,
    "tue": 1,
    "tues": 1,
    "wed": 2,
    "weds": 2,
    "thu": 3,
    "thur": 3,
    "thurs": 3,
    "fri": 4,
    "sat": 5,
    "sun": 6,
}
# In “every mondays and fridays”.
MANY_WEEKDAYS = {f"{name}s": number for name, number in WEEKDAYS.items()}
ALL_WEEKDAYS = WEEKDAYS | SHORT_WEEKDAYS | MANY_WEEKDAYS
RRULE_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

MONTHS = {
    "january": 1,
    "february": 2,
    "march": 3,
    "april": 4,
    "may": 5,
    "june": 6,
    "july": 7,
    "august": 8,
    "september": 9,
    "october": 10,
    "november": 11,
    "december": 12,
}
MONTHS |= {name[:3]: number for name, number in MONTHS.items()} | {"sept": 9}

# Short names, and months, that are words of their own: they need more around them.
WORDY = frozenset({"mon", "wed", "weds", "sat", "sun", "may", "march", "mar"})

# Short forms that are names with a capital: Tom, EV.
LOWER_ONLY = frozenset({"tom", "ev"})

# Fractions and names that look like a day and a month.
NOT_DATES = frozenset({"1/2", "1/3", "2/3", "1/4", "3/4", "9/11", "24/7"})

NUMBERS = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
}
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1}

UNITS = {
    "minute": "minute",
    "min": "minute",
    "hour": "hour",
    "day": "day",
    "week": "week",
    "fortnight": "fortnight",
    "month": "month",
    "quarter": "quarter",
    "year": "year",
}
UNITS |= {f"{name}s": unit for name, unit in UNITS.items()}

# What a unit is in a rule: its FREQ, and how many of it.
FREQUENCIES = {
    "hour": ("HOURLY", 1),
    "day": ("DAILY", 1),
    "week": ("WEEKLY", 1),
    "fortnight": ("WEEKLY", 2),
    "month": ("MONTHLY", 1),
    "quarter": ("MONTHLY", 3),
    "year": ("YEARLY", 1),
}
ADVERBS = {
    "hourly": ("HOURLY", 1),
    "daily": ("DAILY", 1),
    "weekly": ("WEEKLY", 1),
    "fortnightly": ("WEEKLY", 2),
    "monthly": ("MONTHLY", 1),
    "quarterly": ("MONTHLY", 3),
    "yearly": ("YEARLY", 1),
    "annually": ("YEARLY", 1),
}
WORKDAYS = frozenset({"weekday", "weekdays", "workday", "workdays"})
WEEKENDS = frozenset({"weekend", "weekends"})

PARTS_OF_DAY = {
    "morning": time(9),
    "afternoon": time(15),
    "evening": time(19),
    "night": time(21),
}
TONIGHT = PARTS_OF_DAY["night"]
NAMED_TIMES = {"noon": time(12), "midday": time(12), "midnight": time(0)}

# Before a day or a time: taken out of the title with it.
BEFORE_DAY = frozenset({"on", "by", "due", "for"})
BEFORE_TIME = frozenset({"at", "by", "for"})
# A day or a time after one of these says something else than when the task is due.
ELSEWISE = frozenset(
    {
        "a",
        "about",
        "after",
        "an",
        "and",
        "around",
        "before",
        "between",
        "during",
        "except",
        "from",
        "her",
        "his",
        "last",
        "my",
        "of",
        "or",
        "our",
        "past",
        "per",
        "since",
        "than",
        "that",
        "the",
        "their",
        "through",
        "till",
        "to",
        "until",
        "versus",
        "vs",
        "your",
    }
)
# A weekday after one of these is a name: Black Friday, Easter Monday.
NAMED_DAYS = frozenset(
    {"ash", "bloody", "black", "cyber", "easter", "giving", "good", "holy", "maundy", "palm"}
    | {"shrove", "super", "whit"}
)
# After a weekday: then it is not the name of what follows, as in “the Monday meeting”.
SMALL_WORDS = frozenset(
    {"about", "after", "and", "at", "because", "before", "but", "for", "from", "if", "in", "into"}
    | {"on", "or", "re", "so", "then", "till", "to", "until", "via", "with", "without"}
)
# Between two days or times: then neither is when the task is due.
BETWEEN = frozenset(
    {"and", "or", "to", "till", "until", "through", "-", "\u2013", "\u2014", "/", "vs"}
)

STARTS = frozenset({"starting", "beginning"})
ENDS = frozenset({"until", "till", "ending"})
