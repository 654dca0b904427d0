"""Numbers as tables write them: decimals, separators, powers of ten, and the spans of what was read."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.cells.numbers import (
    BARE_POWER,
    NUMBER,
    TIMES_POWER,
    WORDS,
    gaps,
    merged,
    power_of,
    scaled,
    to_decimal,
    trimmed,
)
from kg.model import Span


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("106", "106"),
        ("1.5", "1.5"),
        (".5", "0.5"),
        ("1,200", "1200"),
        ("1,200,300", "1200300"),
        ("0,5", "0.5"),
    ],
)
def test_a_number_has_the_value_of_its_separators(text: str, value: str) -> None:
    match = re.fullmatch(NUMBER, text)
    assert match is not None
    assert to_decimal(text) == Decimal(value)


def test_commas_that_part_single_digits_are_no_thousands() -> None:
    assert [m.group() for m in re.finditer(NUMBER, "1,5,10")] == ["1", "5", "10"]
    assert [m.group() for m in re.finditer(NUMBER, "0,200,300")] == ["0", "200,300"]


@settings(deadline=None, max_examples=300)
@given(st.text("0123456789,.", max_size=14))
def test_every_number_that_is_found_has_a_value(text: str) -> None:
    for match in re.finditer(NUMBER, text):
        assert to_decimal(match.group()) >= 0


@pytest.mark.parametrize(
    ("text", "exponent", "style"),
    [
        ("× 10⁶", 6, "exact"),
        ("x10^6", 6, "exact"),
        ("*10**7", 7, "exact"),
        ("·10^{12}", 12, "exact"),
        ("× 10(6)", 6, "exact"),
        ("× 1e6", 6, "exact"),
        ("× 10⁻³", -3, "exact"),
        ("×10^−3", -3, "exact"),
        ("× 106", 6, "lost"),
        ("×1012", 12, "lost"),
        ("× 10 6", 6, "blank"),
        ("*10e6", 6, "ten-e"),
        ("× 10E7", 7, "ten-e"),
    ],
)
def test_a_power_of_ten_is_read_in_every_spelling(text: str, exponent: int, style: str) -> None:
    match = TIMES_POWER.fullmatch(text)
    assert match is not None
    power = power_of(match)
    assert (power.exponent, power.style) == (exponent, style)
    assert power.restored == (style != "exact")


@pytest.mark.parametrize("text", ["× 3", "× 10", "× 100", "× 1000000", "106", "× 10,000"])
def test_a_factor_that_is_no_power_of_ten_is_left_alone(text: str) -> None:
    assert TIMES_POWER.fullmatch(text) is None


def test_a_bare_power_needs_an_unmistakable_spelling() -> None:
    assert BARE_POWER.fullmatch("10^6")
    assert BARE_POWER.fullmatch("10⁶")
    assert BARE_POWER.fullmatch("106") is None


def test_scaling_is_exact_and_leaves_no_trailing_zeros() -> None:
    assert str(scaled(Decimal("1.50"), 6)) == "1500000"
    assert str(scaled(Decimal("1.50"), 0)) == "1.5"
    assert str(scaled(Decimal("25"), -1)) == "2.5"
    assert str(scaled(Decimal("0.00"), 0)) == "0"


@settings(deadline=None, max_examples=100)
@given(st.decimals(0, 10**9, places=3), st.integers(-3, 30))
def test_scaling_never_loses_a_digit(value: Decimal, exponent: int) -> None:
    product = scaled(value, exponent)
    assert Decimal(str(product)).scaleb(-exponent) == value
    assert "E" not in str(product)


def test_number_words_count_from_one_to_twenty() -> None:
    assert (WORDS["one"], WORDS["twelve"], WORDS["twenty"], len(WORDS)) == (1, 12, 20, 20)


def test_gaps_are_the_trimmed_parts_outside_the_used_spans() -> None:
    text = "a  bb  c "
    assert gaps(text, [Span(3, 5)]) == (Span(0, 1), Span(7, 8))
    assert gaps(text, [Span(0, 9)]) == ()
    assert gaps("  ", []) == ()


def test_spans_with_only_blanks_between_them_are_one() -> None:
    assert merged("ab cd,e", [Span(3, 5), Span(0, 2), Span(6, 7)]) == (Span(0, 5), Span(6, 7))


def test_a_blank_part_has_no_trimmed_span() -> None:
    assert trimmed("a   b", 1, 4) is None
    assert trimmed("a x b", 1, 4) == Span(2, 3)
