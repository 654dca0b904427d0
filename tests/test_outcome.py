"""Outcome cells keep their words; only a cell that says nothing else is "not public"."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.cells.outcome import read_outcome
from kg.model import State
from kg.resources import vocabulary_files
from kg.vocabulary.lexicon import load_lexicon

LEXICON = load_lexicon(vocabulary_files())


@pytest.mark.parametrize("text", ["Not yet public", "Results pending.", "Not published", "ongoing"])
def test_a_cell_that_only_says_so_is_not_public(text: str) -> None:
    reading = read_outcome(text, LEXICON)
    assert reading.value is not None
    assert (reading.value.verbatim, reading.value.status.name) == (text, "not-public")
    assert reading.state is State.MAPPED


@pytest.mark.parametrize("text", ["Pain fell; follow-up is ongoing.", "Ongoing remission in 3 of 5."])
def test_the_same_words_inside_a_report_do_not_hide_it(text: str) -> None:
    reading = read_outcome(text, LEXICON)
    assert reading.value is not None
    assert reading.value.status.name == "reported"
    assert reading.complete


def test_nothing_given_has_no_outcome() -> None:
    assert read_outcome("N.A.", LEXICON).value is None
    assert read_outcome("N.A.", LEXICON).state is State.EMPTY


@given(st.text(min_size=1))
def test_the_words_stay_as_they_are(text: str) -> None:
    reading = read_outcome(text, LEXICON)
    assert reading.value is None or reading.value.verbatim == text
