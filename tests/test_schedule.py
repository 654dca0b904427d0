"""Frequency cells: counts, rates times durations, intervals, days, contradictions, text that stays text."""

from __future__ import annotations

import time
from decimal import Decimal
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.cells.numbers import WORDS
from kg.cells.periods import Period, fits
from kg.cells.schedule import read_schedule
from kg.model import Reading, Schedule, State
from kg.resources import vocabulary_files
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.load import load_lexicon


@cache
def lexicon() -> Lexicon:
    return load_lexicon(vocabulary_files())


def read(text: str) -> Reading[Schedule | None]:
    return read_schedule(text, lexicon())


def value(text: str) -> Schedule:
    schedule = read(text).value
    assert schedule is not None
    return schedule


def codes(text: str) -> list[str]:
    return [finding.code for finding in read(text).findings]


SPELLINGS = [
    ("Once", 1, 1, ""),
    ("Twice", 2, 2, ""),
    ("Once or twice", 1, 2, ""),
    ("One, two or three times", 1, 3, ""),
    ("2 or 5 doses", 2, 5, ""),
    ("1–3 Doses", 1, 3, ""),
    ("4 times", 4, 4, ""),
    ("3", 3, 3, ""),
    ("Single dose", 1, 1, ""),
    ("single", 1, 1, ""),
    ("Two serial doses", 2, 2, ""),
    ("4x", 4, 4, ""),
    ("At least 6 times", 6, None, ""),
    ("up to 4 doses", None, 4, ""),
    ("Twice a week, in total four weeks", 8, 8, ""),
    ("Twice a week, 2–4 weeks in total", 4, 8, ""),
    ("twice daily for 3 days", 6, 6, ""),
    ("Once a week, 4 weeks", 4, 4, "P1W"),
    ("Every week for 3 weeks", 3, 3, "P1W"),
    ("once every week for a month", 4, 4, "P1W"),
    ("Once every month for 4 months", 4, 4, "P1M"),
    ("weekly for 4 weeks", 4, 4, "P1W"),
    ("daily for 5 days", 5, 5, "P1D"),
    ("once weekly x 4 weeks", 4, 4, "P1W"),
    ("monthly for a year", 12, 12, "P1M"),
    ("Once every 2 weeks, 4 doses in total", 4, 4, "P2W"),
    ("Every 3 days, 3 doses in total", 3, 3, "P3D"),
    ("Once every 3 months, 4 times in total", 4, 4, "P3M"),
    ("every 2 weeks for 8 weeks, 4 doses", 4, 4, "P2W"),
    ("every 4 weeks over 8 weeks, 3 doses", 3, 3, "P4W"),
    ("Biweekly, 3 times in total", 3, 3, "P2W"),
    ("3 times every other day", 3, 3, "P2D"),
    ("3 times at 48 h intervals", 3, 3, "PT48H"),
    ("3 times in 4-week intervals", 3, 3, "P4W"),
    ("three doses 3 days apart", 3, 3, "P3D"),
    ("3 doses ; 3 days apart from each other", 3, 3, "P3D"),
    ("3 ; at 1-month intervals", 3, 3, "P1M"),
    ("monthly ×3", 3, 3, "P1M"),
    ("q2w x 4", 4, 4, "P2W"),
    ("On day 0 and 7", 2, 2, "P7D"),
    ("Twice at days 0 and 3", 2, 2, "P3D"),
    ("Twice, on week 0 and 3", 2, 2, "P3W"),
    ("On 0 and 6th month", 2, 2, "P6M"),
    ("on day 1, 3, 5, and 7", 4, 4, "P2D"),
    ("3 times on 0/7/28 day", 3, 3, ""),
    ("D0 and D7", 2, 2, "P7D"),
    ("2 doses (day 0, day 14)", 2, 2, "P14D"),
    ("at 0, 1 and 2 months", 3, 3, "P1M"),
    ("8 doses in 5 months", 8, 8, ""),
    ("Twice in 3 months", 2, 2, ""),
    ("Twice in two days", 2, 2, ""),
    ("Once every 5–6 months, 5 times in total", 5, 5, ""),
    ("twice / course, 3 courses", 6, 6, ""),
    ("every 4 weeks", None, None, "P4W"),
    ("1, 2, or 3 doses", 1, 3, ""),
    ("2/week for 3 weeks", 6, 6, ""),
    ("once daily for 3 consecutive days", 3, 3, "P1D"),
    ("2 intra-articular injections", 2, 2, ""),
    ("Day 0, Week 4", 2, 2, ""),
    ("3times", 3, 3, ""),
    ("One, two, or four times a week", None, None, ""),
]


@pytest.mark.parametrize(("text", "least", "most", "interval"), SPELLINGS)
def test_every_real_spelling_is_read_completely(
    text: str, least: int | None, most: int | None, interval: str
) -> None:
    schedule = value(text)
    assert (schedule.minimum, schedule.maximum, schedule.interval) == (least, most, interval)
    assert read(text).state is State.MAPPED
    assert read(text).complete


@pytest.mark.parametrize(
    ("text", "number", "interval"),
    [
        ("1 × 106 cells per kg, single dose, intravenous", 1, ""),
        ("3 × 107 cells IV on day 1, 4, and 7", 3, "P3D"),
        ("2 × 10^6 cells/kg × 4 doses", 4, ""),
        ("1 × 106 cells/kg (day 0) + 2 × 106 cells/kg (day 7)", 2, "P7D"),
        ("1.3 × 106 cells/ kg, 3 intravenous infusions at 1-month intervals", 3, "P1M"),
    ],
)
def test_a_dose_in_the_same_cell_is_left_unread(text: str, number: int, interval: str) -> None:
    assert (value(text).minimum, value(text).maximum, value(text).interval) == (number, number, interval)
    assert not read(text).complete


@pytest.mark.parametrize("text", ["2 × 10 6 cells", "2 × 10(6)/kg", "2x10^6 cells", "2 × 10⁶ cells"])
def test_a_power_of_ten_is_no_number_of_doses(text: str) -> None:
    assert read(text).value is None


def test_a_median_is_no_bound() -> None:
    assert value("A median of four times") == Schedule(median=Decimal(4))
    assert value("median 3 (range 1-5)") == Schedule(1, 5, Decimal(3))


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("every 2 weeks", "14"),
        ("every 3 days", "3"),
        ("at 48 h intervals", "2"),
        ("at 36 h intervals", "1.5"),
        ("every 8 h", None),
        ("every 2 months", None),
    ],
)
def test_an_interval_has_days_only_where_they_are_exact(text: str, days: str | None) -> None:
    assert value(text).interval_days == (Decimal(days) if days else None)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Biweekly, 3 times in total", "biweekly"),
        ("once every week for a month", "month-as-four-weeks"),
        ("every 5-6 months, 5 times", "interval-varies"),
        ("One, two, or four times a week", "administrations-unknown"),
    ],
)
def test_every_assumption_is_a_finding(text: str, code: str) -> None:
    assert code in codes(text)


@pytest.mark.parametrize(
    "text",
    [
        "Twice a week, in total four weeks, 6 doses",
        "3 doses on day 0 and 7",
        "2 doses, 3 times in total",
        "3, twice",
    ],
)
def test_a_contradiction_gives_no_number(text: str) -> None:
    schedule = value(text)
    assert (schedule.minimum, schedule.maximum) == (None, None)
    assert "schedule-contradiction" in codes(text)


@pytest.mark.parametrize(
    "text", ["every 3 days for 2 weeks", "weekly for 3 months", "daily for a month", "weekly for a year"]
)
def test_arithmetic_that_does_not_come_out_even_gives_no_number(text: str) -> None:
    assert (value(text).minimum, value(text).maximum) == (None, None)
    assert "administrations-unknown" in codes(text)


@pytest.mark.parametrize(
    ("text", "unread"),
    [
        ("Once 7", "7"),
        ("Once every 2 weeks, 4 doses in total 78", "78"),
        ("On day 0 and 7 10", "10"),
        ("1 (any one of 3)", "(any one of 3)"),
        ("kg Once", "kg"),
        ("Infusion once a week for 4 weeks", "Infusion"),
        ("Once NCT01234567", "NCT01234567"),
    ],
)
def test_foreign_words_are_unread(text: str, unread: str) -> None:
    reading = read(text)
    assert [text[s.start : s.end] for s in reading.unread] == [unread]
    assert not reading.complete
    assert "word-unknown" in codes(text)


@pytest.mark.parametrize(
    "text",
    [
        "4 weeks 54",
        "when needed",
        "not more than once",
        "BM i.v.",
        "54",
        "repeated",
        "days 1-5",
        "0 doses",
        "2 × 106 cells/kg",
        "106 doses",
        "once or as needed",
        "3–1 doses",
    ],
)
def test_what_cannot_be_counted_is_kept_as_text(text: str) -> None:
    reading = read(text)
    assert (reading.value, reading.state) == (None, State.TEXT)
    assert codes(text) == ["schedule-unread"]
    assert not reading.complete


@pytest.mark.parametrize("text", ["", "N.A.", "–", "N/A"])
def test_not_given_is_empty_without_a_finding(text: str) -> None:
    reading = read(text)
    assert (reading.value, reading.state, reading.findings) == (None, State.EMPTY, ())


def test_a_month_is_four_weeks_only_as_long_as_the_calendar_agrees() -> None:
    assert fits(Period(2, "M"), Period(1, "W")) == 8
    assert fits(Period(3, "M"), Period(1, "W")) is None
    assert fits(Period(1, "Y"), Period(3, "M")) == 4
    assert fits(Period(2, "W"), Period(1, "C")) is None


@pytest.mark.parametrize(
    "piece", ["1, ", "day 1, ", "1 or ", "1/", "1 oral ", "a-al ", "every 2 ", "in total "]
)
def test_no_repetition_makes_reading_slow(piece: str) -> None:
    started = time.perf_counter()
    read(piece * 100)
    assert time.perf_counter() - started < 1


def test_a_very_long_cell_is_prose_and_costs_nothing() -> None:
    assert read("once a week, " * 100_000).value is None


# ---------------------------------------------------------------- properties

COUNTS = st.integers(1, 20)
NAMES = {number: word for word, number in WORDS.items()}


@settings(deadline=None, max_examples=150)
@given(COUNTS, COUNTS, st.booleans(), st.sampled_from([("week", "W"), ("day", "D"), ("month", "M")]))
def test_a_rate_times_a_duration_is_the_product(
    rate: int, length: int, worded: bool, unit: tuple[str, str]
) -> None:
    number = NAMES[rate] if worded else str(rate)
    schedule = value(f"{number} times a {unit[0]} for {length} {unit[0]}s")
    assert (schedule.minimum, schedule.maximum) == (rate * length, rate * length)
    assert schedule.interval == (f"P1{unit[1]}" if rate == 1 else "")


@settings(deadline=None, max_examples=150)
@given(COUNTS, COUNTS, st.sampled_from(["{}–{} doses", "{} to {} times", "{} or {} injections"]))
def test_two_numbers_are_the_least_and_the_most(one: int, other: int, spelling: str) -> None:
    low, high = sorted((one, other))
    assert (value(spelling.format(low, high)).minimum, value(spelling.format(low, high)).maximum) == (
        low,
        high,
    )


@settings(deadline=None, max_examples=150)
@given(
    st.lists(st.integers(0, 365), min_size=2, max_size=6, unique=True).map(sorted),
    st.sampled_from([", ", "/", " and "]),
)
def test_listed_days_are_counted_and_even_steps_are_the_interval(days: list[int], joiner: str) -> None:
    schedule = value("on day " + joiner.join(map(str, days)))
    steps = {b - a for a, b in pairwise(days)}
    assert (schedule.minimum, schedule.maximum) == (len(days), len(days))
    assert schedule.interval == (f"P{steps.pop()}D" if len(steps) == 1 else "")


PIECES = (
    "once|twice|3|times|doses|a week|every|other|day|days|0|and|,| |  |-|week|for|in total|month|median|range"
    "|at least|q2w|x|biweekly|intervals|apart|/|courses"
)


@settings(deadline=None, max_examples=400)
@given(
    st.one_of(
        st.text(max_size=40),
        st.lists(st.sampled_from(PIECES.split("|")), max_size=12).map(" ".join),
        st.lists(st.sampled_from(PIECES.split("|")), max_size=12).map("".join),
    )
)
def test_any_text_is_read_without_an_exception_and_with_honest_spans(text: str) -> None:
    reading = read(text)
    for span in (*reading.spans, *reading.unread):
        assert 0 <= span.start < span.end <= len(text)
    assert (reading.value is None) == (reading.state is not State.MAPPED)
    if reading.value and reading.value.minimum is not None and reading.value.maximum is not None:
        assert 0 < reading.value.minimum <= reading.value.maximum


@pytest.mark.parametrize(
    ("text", "number", "interval"),
    [
        ("Baseline and 3 months", 2, "P3M"),
        ("baseline, week 4", 2, "P4W"),
        ("Day 0 and 3 months", 2, "P3M"),
        ("baseline, 1 and 3 months", 3, ""),
        ("2 repeated", 2, ""),
        ("three", 3, ""),
    ],
)
def test_the_start_of_treatment_is_one_of_its_points_in_time(text: str, number: int, interval: str) -> None:
    schedule = read(text).value
    assert schedule is not None
    assert (schedule.minimum, schedule.maximum, schedule.interval) == (number, number, interval)


@pytest.mark.parametrize("words", ["every round", "once per round", "2 rounds", "each cycle", "per course"])
def test_rounds_and_cycles_are_courses_of_unknown_length(words: str) -> None:
    schedule = read(words).value
    assert schedule is None or not schedule.interval
