"""Lines of quick add and what they say: the table of the tests and of docs/quick-add.md.

All are read on Monday 23 November 2026 at 14:04 in Berlin, by a person who writes the day before
the month, whose week begins on Monday, and who has the lists Home, Home Office and Work.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from todos import recurrence

NOW = datetime(2026, 11, 23, 14, 4, tzinfo=ZoneInfo("Europe/Berlin"))
LISTS = ("Home", "Home Office", "Work")


class Case(NamedTuple):
    """A line, the title that is left, and the fields that it says besides."""

    line: str
    title: str
    says: dict[str, Any]


def says(line: str, title: str, **fields: Any) -> Case:
    """`day` and `start_on` are written as YYYY-MM-DD, `time` as HH:MM."""
    for name in ("day", "start_on"):
        if name in fields:
            fields[name] = date.fromisoformat(fields[name])
    if "time" in fields:
        fields["time"] = time.fromisoformat(fields["time"])
    return Case(line, title, fields)


def text(line: str, title: str | None = None) -> Case:
    """A line of which nothing is understood."""
    return Case(line, line if title is None else title, {})


class Group(NamedTuple):
    """Cases under one heading: those that the documentation shows, and the others."""

    heading: str
    shown: list[Case]
    others: list[Case]


WEEKDAYS = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"

GROUPS = [
    Group(
        "Days",
        [
            says("Buy milk today", "Buy milk", day="2026-11-23"),
            says("Buy milk tomorrow", "Buy milk", day="2026-11-24"),
            says("Watch the film tonight", "Watch the film", day="2026-11-23", time="21:00"),
            says("Call Bob on Friday", "Call Bob", day="2026-11-27"),
            says("Call Bob monday", "Call Bob", day="2026-11-30"),
            says("Call Bob by tue", "Call Bob", day="2026-11-24"),
            says("Call Bob this friday", "Call Bob", day="2026-11-27"),
            says("Call Bob next friday", "Call Bob", day="2026-12-04"),
            says("Plan the trip next week", "Plan the trip", day="2026-11-30"),
            says("Tidy the shed this weekend", "Tidy the shed", day="2026-11-28"),
            says("Pay the rent next month", "Pay the rent", day="2026-12-01"),
            says("Pay the rent end of month", "Pay the rent", day="2026-11-30"),
            says("Call Ann in 3 days", "Call Ann", day="2026-11-26"),
            says("Call Ann in two weeks", "Call Ann", day="2026-12-07"),
            says("Call Ann in 3 hours", "Call Ann", day="2026-11-23", time="17:04"),
            says("Book flights 27 jan", "Book flights", day="2027-01-27"),
            says("Book flights jan 27th", "Book flights", day="2027-01-27"),
            says("Book flights 27 January 2028", "Book flights", day="2028-01-27"),
            says("Pay the rent on the 17th", "Pay the rent", day="2026-12-17"),
            says("Pay the rent 31st", "Pay the rent", day="2026-12-31"),
            says("Renew passport 2027-05-04", "Renew passport", day="2027-05-04"),
            says("Dentist 27/1", "Dentist", day="2027-01-27"),
            says("Dentist 27/1/2028", "Dentist", day="2028-01-27"),
        ],
        [
            says("Tomorrow: call Bob", "call Bob", day="2026-11-24"),
            says("tomorrow - call Bob", "call Bob", day="2026-11-24"),
            says("Call Bob tomorrow, then Ann", "Call Bob, then Ann", day="2026-11-24"),
            says("Call Bob, tomorrow", "Call Bob", day="2026-11-24"),
            says("Call Bob tomorrow.", "Call Bob.", day="2026-11-24"),
            says("Call Bob Friday about lunch", "Call Bob about lunch", day="2026-11-27"),
            says("Friday: call Bob", "call Bob", day="2026-11-27"),
            says("Call Bob monday evening", "Call Bob", day="2026-11-30", time="19:00"),
            says("Friday 5pm call Bob", "call Bob", day="2026-11-27", time="17:00"),
            says("Dinner for 7pm", "Dinner", day="2026-11-23", time="19:00"),
            says("Tomorrow 27/1 report", "27/1 report", day="2026-11-24"),
            says("We sat at 5", "We sat", day="2026-11-23", time="17:00"),
            says("TODAY call Bob", "call Bob", day="2026-11-23"),
            says("Call Bob   Wednesday", "Call Bob", day="2026-11-25"),
            says("Buy milk tmr", "Buy milk", day="2026-11-24"),
            says("Buy milk tom", "Buy milk", day="2026-11-24"),
            says("Buy milk tom 5pm", "Buy milk", day="2026-11-24", time="17:00"),
            says("Call Bob on sat", "Call Bob", day="2026-11-28"),
            says("Call Bob fri", "Call Bob", day="2026-11-27"),
            says("Call Bob due thursday", "Call Bob", day="2026-11-26"),
            says("Flowers for tomorrow", "Flowers", day="2026-11-24"),
            says("Call Bob this monday", "Call Bob", day="2026-11-23"),
            says("Call Bob next monday", "Call Bob", day="2026-11-30"),
            says("Tidy up on the weekend", "Tidy up", day="2026-11-28"),
            says("Tidy up next weekend", "Tidy up", day="2026-12-05"),
            says("Tidy up at home weekend", "Tidy up at home", day="2026-11-28"),
            says("Write the review next year", "Write the review", day="2027-01-01"),
            says("Report by the end of the month", "Report", day="2026-11-30"),
            says("Report end of next month", "Report", day="2026-12-31"),
            says("Report end of the week", "Report", day="2026-11-29"),
            says("Party day after tomorrow", "Party", day="2026-11-25"),
            says("Party the day after tomorrow", "Party", day="2026-11-25"),
            says("Check in a week", "Check", day="2026-11-30"),
            says("Check in 3 months", "Check", day="2027-02-23"),
            says("Check in 30 minutes", "Check", day="2026-11-23", time="14:34"),
            says("Check in 12 hours", "Check", day="2026-11-24", time="02:04"),
            says("Check in a year", "Check", day="2027-11-23"),
            says("Wine 23 nov", "Wine", day="2026-11-23"),
            says("Wine 22 nov", "Wine", day="2027-11-22"),
            says("Wine 29 feb", "Wine", day="2028-02-29"),
            says("Wine 27th of January", "Wine", day="2027-01-27"),
            says("Wine on the 27th of January", "Wine", day="2027-01-27"),
            says("Wine January 27, 2028", "Wine", day="2028-01-27"),
            says("Wine may 5", "Wine", day="2027-05-05"),
            says("Wine on 5 May with Ann", "Wine with Ann", day="2027-05-05"),
            says("Wine Friday 27 Nov", "Wine", day="2026-11-27"),
            says("Wine fri, 27 nov", "Wine", day="2026-11-27"),
            says("Wine 23rd", "Wine", day="2026-11-23"),
            says("Wine by the 30th", "Wine", day="2026-11-30"),
            says("Wine on 27/1 with Ann", "Wine with Ann", day="2027-01-27"),
            says("Wine 27/1 5pm with Ann", "Wine with Ann", day="2027-01-27", time="17:00"),
            says("Wine 27/1/28", "Wine", day="2028-01-27"),
            says("Wine 27.1.2028", "Wine", day="2028-01-27"),
            says("Wine on 24/7", "Wine", day="2027-07-24"),
            says("Wine 2028/1/27", "Wine", day="2028-01-27"),
        ],
    ),
    Group(
        "Times",
        [
            says("Call Bob 5pm", "Call Bob", day="2026-11-23", time="17:00"),
            says("Call Bob 9am", "Call Bob", day="2026-11-24", time="09:00"),
            says("Call Bob tomorrow 17:00", "Call Bob", day="2026-11-24", time="17:00"),
            says("Call Bob at 5", "Call Bob", day="2026-11-23", time="17:00"),
            says("Call Bob at 9 tomorrow", "Call Bob", day="2026-11-24", time="09:00"),
            says("Call Bob friday 12am", "Call Bob", day="2026-11-27", time="00:00"),
            says("Call Bob friday 12pm", "Call Bob", day="2026-11-27", time="12:00"),
            says("Call Bob at noon", "Call Bob", day="2026-11-24", time="12:00"),
            says("Call Bob tomorrow morning", "Call Bob", day="2026-11-24", time="09:00"),
            says("Dinner tonight at 8", "Dinner", day="2026-11-23", time="20:00"),
        ],
        [
            says("5pm call Bob", "call Bob", day="2026-11-23", time="17:00"),
            says("Call Bob 5 pm", "Call Bob", day="2026-11-23", time="17:00"),
            says("Call Bob 5:30 PM", "Call Bob", day="2026-11-23", time="17:30"),
            says("Call Bob 5.30pm", "Call Bob", day="2026-11-23", time="17:30"),
            says("Call Bob at 5 p.m.", "Call Bob.", day="2026-11-23", time="17:00"),
            says("Call Bob at 05:30", "Call Bob", day="2026-11-24", time="05:30"),
            says("Call Bob at 17.30", "Call Bob", day="2026-11-23", time="17:30"),
            says("Call Bob at 18h", "Call Bob", day="2026-11-23", time="18:00"),
            says("Call Bob 17h30", "Call Bob", day="2026-11-23", time="17:30"),
            says("Call Bob tomorrow 18h", "Call Bob", day="2026-11-24", time="18:00"),
            says("Call Bob at 5:30", "Call Bob", day="2026-11-23", time="17:30"),
            says("Call Bob at 05", "Call Bob", day="2026-11-24", time="05:00"),
            says("Call Bob at 17", "Call Bob", day="2026-11-23", time="17:00"),
            says("Call Bob 14:04", "Call Bob", day="2026-11-23", time="14:04"),
            says("Call Bob 14:03", "Call Bob", day="2026-11-24", time="14:03"),
            says("Report by 5pm today", "Report", day="2026-11-23", time="17:00"),
            says("Report today at 9", "Report", day="2026-11-23", time="09:00"),
            says("Report sat 5pm", "Report", day="2026-11-28", time="17:00"),
            says("Report this evening", "Report", day="2026-11-23", time="19:00"),
            says("Report friday evening at 8", "Report", day="2026-11-27", time="20:00"),
            says("Report tomorrow noon", "Report", day="2026-11-24", time="12:00"),
            says("Report 27 jan at midnight", "Report", day="2027-01-27", time="00:00"),
        ],
    ),
    Group(
        "Repeating",
        [
            says("Stretch daily", "Stretch", day="2026-11-23", rule="FREQ=DAILY"),
            says(
                "Stretch every day at 9",
                "Stretch",
                day="2026-11-24",
                time="09:00",
                rule="FREQ=DAILY",
            ),
            says(
                "Stretch every 2 weeks", "Stretch", day="2026-11-23", rule="FREQ=WEEKLY;INTERVAL=2"
            ),
            says(
                "Stretch every other week",
                "Stretch",
                day="2026-11-23",
                rule="FREQ=WEEKLY;INTERVAL=2",
            ),
            says("Gym every mon and fri", "Gym", day="2026-11-23", rule="FREQ=WEEKLY;BYDAY=MO,FR"),
            says(
                "Stand-up every weekday 9:30",
                "Stand-up",
                day="2026-11-24",
                time="09:30",
                rule=WEEKDAYS,
            ),
            says("Beer every 3rd friday", "Beer", day="2026-12-18", rule="FREQ=MONTHLY;BYDAY=3FR"),
            says(
                "Pay every month on the 31st",
                "Pay",
                day="2026-11-30",
                rule="FREQ=MONTHLY;BYMONTHDAY=31",
            ),
            says("Pay every last day", "Pay", day="2026-11-30", rule="FREQ=MONTHLY;BYMONTHDAY=-1"),
            says(
                "Pay every last workday",
                "Pay",
                day="2026-11-30",
                rule="FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            ),
            says(
                "Cake every 27 jan",
                "Cake",
                day="2027-01-27",
                rule="FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=27",
            ),
            says(
                "Water plants every! 3 days",
                "Water plants",
                day="2026-11-23",
                rule="FREQ=DAILY;INTERVAL=3",
                repeats_from="completion",
            ),
            says(
                "Gym every monday starting 1 dec until 1 mar",
                "Gym",
                day="2026-12-07",
                rule="FREQ=WEEKLY;UNTIL=20270301;BYDAY=MO",
            ),
            says(
                "Take a pill every day 5 times",
                "Take a pill",
                day="2026-11-23",
                rule="FREQ=DAILY;COUNT=5",
            ),
            says(
                "Eye drops every 6 hours",
                "Eye drops",
                day="2026-11-23",
                time="15:00",
                rule="FREQ=HOURLY;INTERVAL=6",
            ),
        ],
        [
            says("Stretch weekly", "Stretch", day="2026-11-23", rule="FREQ=WEEKLY"),
            says("Stretch monthly", "Stretch", day="2026-11-23", rule="FREQ=MONTHLY"),
            says("Stretch yearly", "Stretch", day="2026-11-23", rule="FREQ=YEARLY"),
            says(
                "Daily 9am stand-up", "stand-up", day="2026-11-24", time="09:00", rule="FREQ=DAILY"
            ),
            says("Stretch each day", "Stretch", day="2026-11-23", rule="FREQ=DAILY"),
            says("Stretch Every Day", "Stretch", day="2026-11-23", rule="FREQ=DAILY"),
            says(
                "Stretch every second day",
                "Stretch",
                day="2026-11-23",
                rule="FREQ=DAILY;INTERVAL=2",
            ),
            says(
                "Stretch every 3rd day", "Stretch", day="2026-11-23", rule="FREQ=DAILY;INTERVAL=3"
            ),
            says(
                "Stretch every two weeks",
                "Stretch",
                day="2026-11-23",
                rule="FREQ=WEEKLY;INTERVAL=2",
            ),
            says("Taxes every quarter", "Taxes", day="2026-11-23", rule="FREQ=MONTHLY;INTERVAL=3"),
            says(
                "Gym every mon, wed and fri",
                "Gym",
                day="2026-11-23",
                rule="FREQ=WEEKLY;BYDAY=MO,WE,FR",
            ),
            says("Gym every tuesdays", "Gym", day="2026-11-24", rule="FREQ=WEEKLY;BYDAY=TU"),
            says(
                "Gym every other tuesday",
                "Gym",
                day="2026-11-24",
                rule="FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
            ),
            says(
                "Gym every 2 weeks on tue and sat",
                "Gym",
                day="2026-11-24",
                rule="FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SA",
            ),
            says("Bins every workday", "Bins", day="2026-11-23", rule=WEEKDAYS),
            says("Hike every weekend", "Hike", day="2026-11-28", rule="FREQ=WEEKLY;BYDAY=SA"),
            says(
                "Beer every last friday of the month",
                "Beer",
                day="2026-11-27",
                rule="FREQ=MONTHLY;BYDAY=-1FR",
            ),
            says(
                "Beer every third friday of november",
                "Beer",
                day="2027-11-19",
                rule="FREQ=YEARLY;BYMONTH=11;BYDAY=3FR",
            ),
            says("Pay every 15th", "Pay", day="2026-12-15", rule="FREQ=MONTHLY;BYMONTHDAY=15"),
            says(
                "Pay every 1st and 15th",
                "Pay",
                day="2026-12-01",
                rule="FREQ=MONTHLY;BYMONTHDAY=1,15",
            ),
            says(
                "Pay every 3 months on the 1st",
                "Pay",
                day="2026-12-01",
                rule="FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1",
            ),
            says(
                "Cake every year on 27 january",
                "Cake",
                day="2027-01-27",
                rule="FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=27",
            ),
            says(
                "Journal every evening",
                "Journal",
                day="2026-11-23",
                time="19:00",
                rule="FREQ=DAILY",
            ),
            says(
                "Bins every monday morning",
                "Bins",
                day="2026-11-30",
                time="09:00",
                rule="FREQ=WEEKLY;BYDAY=MO",
            ),
            says("Pay rent every month 1 dec", "Pay rent", day="2026-12-01", rule="FREQ=MONTHLY"),
            says(
                "every! week clean the filter",
                "clean the filter",
                day="2026-11-23",
                rule="FREQ=WEEKLY",
                repeats_from="completion",
            ),
            says(
                "Gym every monday, until 1 mar",
                "Gym",
                day="2026-11-23",
                rule="FREQ=WEEKLY;UNTIL=20270301;BYDAY=MO",
            ),
            says(
                "Gym every monday. Tuesday is off",
                "Gym. Tuesday is off",
                day="2026-11-23",
                rule="FREQ=WEEKLY;BYDAY=MO",
            ),
            says(
                "Party every year on the last day",
                "Party",
                day="2026-12-31",
                rule="FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=-1",
            ),
            says("Gym every mon/wed", "Gym", day="2026-11-23", rule="FREQ=WEEKLY;BYDAY=MO,WE"),
            says("Gym ev mon", "Gym", day="2026-11-23", rule="FREQ=WEEKLY;BYDAY=MO"),
            says("Gym every tue,fri", "Gym", day="2026-11-24", rule="FREQ=WEEKLY;BYDAY=TU,FR"),
            says(
                "Rent on the 1st of every month",
                "Rent",
                day="2026-12-01",
                rule="FREQ=MONTHLY;BYMONTHDAY=1",
            ),
            says(
                "Rent monthly on the 1st",
                "Rent",
                day="2026-12-01",
                rule="FREQ=MONTHLY;BYMONTHDAY=1",
            ),
            says(
                "Last friday of each month: beer",
                "beer",
                day="2026-11-27",
                rule="FREQ=MONTHLY;BYDAY=-1FR",
            ),
            says(
                "Pay every first day of the month",
                "Pay",
                day="2026-12-01",
                rule="FREQ=MONTHLY;BYMONTHDAY=1",
            ),
            says(
                "Pay every 3rd day of the month",
                "Pay",
                day="2026-12-03",
                rule="FREQ=MONTHLY;BYMONTHDAY=3",
            ),
            says(
                "Party every last day of december",
                "Party",
                day="2026-12-31",
                rule="FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=-1",
            ),
            says("Pills daily for 5 times", "Pills", day="2026-11-23", rule="FREQ=DAILY;COUNT=5"),
            says(
                "Write the thesis starting monday by 1 mar",
                "Write the thesis",
                start_on="2026-11-30",
                day="2027-03-01",
            ),
        ],
    ),
    Group(
        "Marks",
        [
            says("Fix the tap #Home", "Fix the tap", list_name="Home"),
            says("Order paper #Home Office", "Order paper", list_name="Home Office"),
            says("Order paper @shop @paper", "Order paper", tags=("shop", "paper")),
            says('Order paper @"big shop"', "Order paper", tags=("big shop",)),
            says("Order paper p1", "Order paper", priority=1),
            says("Order paper // the white one", "Order paper", description="the white one"),
            says(
                "Pay the rent tomorrow 9am #home @bank p2 // by transfer",
                "Pay the rent",
                day="2026-11-24",
                time="09:00",
                list_name="Home",
                tags=("bank",),
                priority=2,
                description="by transfer",
            ),
        ],
        [
            says("#work call Bob", "call Bob", list_name="Work"),
            says("Call #Work, then rest", "Call, then rest", list_name="Work"),
            says('Order paper #"home office"', "Order paper", list_name="Home Office"),
            says("Order paper #Home Offices", "Order paper Offices", list_name="Home"),
            says("Order P3 paper", "Order paper", priority=3),
            says("@shop order paper @Shop", "order paper", tags=("shop",)),
            says("Order @shop,desk paper", "Order, desk paper", tags=("shop",)),
            says("Order paper @shop, @desk", "Order paper", tags=("shop", "desk")),
            says("Order // #Work tomorrow p1", "Order", description="#Work tomorrow p1"),
            says('Order // it is "blue"', "Order", description='it is "blue"'),
            says("Pay 27/1 #Home", "Pay", day="2027-01-27", list_name="Home"),
            says('Read "Tomorrow" today', "Read Tomorrow", day="2026-11-23"),
            says("Read \\tomorrow today", "Read tomorrow", day="2026-11-23"),
            says('Read "Emma" today', 'Read "Emma"', day="2026-11-23"),
        ],
    ),
    Group(
        "Text",
        [
            text("Renovation"),
            text("The 5th Wave"),
            text("9/11 report"),
            text("May we meet"),
            text("We sat at 5 tables"),
            text("Holiday from monday to friday"),
            text("Weekly report to the board"),
            text("Black Friday"),
            text("Water every 10th monday"),
            text("Prepare the Monday meeting"),
            text("Call 5pm-Club"),
            text("Fix #42"),
            text("Mail bob@example.com"),
            text("Read https://example.com/2027-01-27/p1#home"),
            text("Half of 3/4 cups"),
            text("Retire 1 jan 2250"),
            text('Watch "Tomorrow at 5"', "Watch Tomorrow at 5"),
            text("Watch \\Friday", "Watch Friday"),
        ],
        [
            text("Sat"),
            text("Open from friday 5pm"),
            text('Read "// it" "tomorrow"', "Read // it tomorrow"),
            text("Ask where she sat"),
            text("Get more sun"),
            text("Label for 27/1 batch"),
            text("Install Python 3.11.27"),
            text("Party the night away, 21th"),
            text("Copy the film Midnight"),
            text("Prepare slides, Monday meeting"),
            text("Watch Friday the 13th"),
            text("Watch Saturday Night Live"),
            text("Sunday roast recipe"),
            text("Shop on Cyber Monday"),
            text("Buy 2 tickets for 8pm show"),
            text("Buy mon cheri"),
            text("Read the sun"),
            text("Wed in white"),
            text("March against hunger"),
            text("May 5 people come"),
            text("Ask about the second thing"),
            text("Count 3 apples"),
            text("Buy 5 eggs"),
            text("Symphony 5 by Mahler"),
            text("Every breath you take"),
            text("Every time I see you"),
            text("Everyday carry"),
            text("Watch the daily show"),
            text("Read the Monday papers"),
            text("What happened last friday"),
            text("Before tomorrow comes"),
            text("Open from 9am to 5pm"),
            text("Monday and Tuesday schedule"),
            text("Compare 5pm or 6pm"),
            text("Ratio is 16:90"),
            text("Half past 25:00"),
            text("13pm is no time"),
            text("0am neither"),
            text("2027-02-30 does not exist"),
            text("31 feb is no day"),
            text("Call Tom"),
            text("Lunch with tom"),
            text("Ask tom about it"),
            text("Read a book by tom"),
            text("Rent an EV 3 days long"),
            text("Pay 17.30"),
            text("Sell at 17.30 each"),
            text("Sleep 8h"),
            text("Watch the film of 1h30"),
            text("Retire on jan 1, 2250"),
            text("Retire on 1st jan 2250 9am"),
            text("Retire on friday 1 jan 2250"),
            text("Retire by 2250-01-01"),
            text("Read 14/10/1066"),
            text("27/13 report"),
            text("Install version 27.1"),
            text("Install Python 3.11.7"),
            text("Order support 24/7"),
            text("Remember 9/11"),
            text("Add sugar, 1/2"),
            text("The weekend trip"),
            text("Ask Jan about it"),
            text("Meet Tom and April"),
            text("In 5 easy steps"),
            text("Next steps"),
            text("This thing"),
            text("End of story"),
            text("Try 5 times"),
            text("Wait until friday"),
            text("Go to 5 Main Street"),
            text("Sign on the dotted line"),
            text("Meet at 5 Main Street"),
            text("C#home and F@tag"),
            text("Follow @ann@example.social"),
            text("Map p5 and xp1"),
            text("p1.5 release"),
            text("http://x.org//p1"),
            text("either//or"),
            text("7-11 shop"),
            text("Bake 100% rye"),
            text("Todays news"),
            text("Tomorrow's list"),
            text("Mondaymorning"),
            text("Learn @ home"),
            text("Item # 3"),
            text("every minute counts"),
            text("Room 17 th"),
            text("21th century"),
            text("Area 51st"),
            text("Tomorrow"),
            text("Pay every 9th friday of the month"),
            text("every 12th monday"),
            text("Dust every 20th monday of december"),
        ],
    ),
]
CASES = [case for group in GROUPS for case in (*group.shown, *group.others)]


def told(case: Case) -> str:
    """What a line says, as the documentation tells it."""
    fields = case.says
    words = []
    if "start_on" in fields:
        words.append(f"starts {fields['start_on']}")
    if "day" in fields:
        clock = f" {fields['time']:%H:%M}" if "time" in fields else ""
        words.append(f"{fields['day']:%a %-d %b %Y}{clock}")
    if "rule" in fields:
        rule = recurrence.Rule.parse(fields["rule"])
        words.append(recurrence.explain(rule, fields.get("repeats_from", "due")))
    if "list_name" in fields:
        words.append(f"list {fields['list_name']}")
    words += [f"tag {tag}" for tag in fields.get("tags", ())]
    if "priority" in fields:
        words.append(f"priority {fields['priority']}")
    if "description" in fields:
        words.append(f"description “{fields['description']}”")
    return "; ".join(words)


def table_of(group: Group) -> str:
    """The shown cases of a group as a table of Markdown."""
    if group.heading == "Text":
        rows = ["| line | title |", "|---|---|"]
        rows += [f"| `{case.line}` | {case.title} |" for case in group.shown]
    else:
        rows = ["| line | title | understood |", "|---|---|---|"]
        rows += [f"| `{case.line}` | {case.title} | {told(case)} |" for case in group.shown]
    return "\n".join(rows)
