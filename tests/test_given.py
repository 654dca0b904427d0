"""What a trial gives, as a registry describes it: the words for its doses, and which arms count."""

from __future__ import annotations

import pytest

from kg.cells.read import CellReader
from kg.parse.arms import active_items
from kg.parse.given import Course, course_given
from kg.vocabulary.load import bundled_lexicon


def course(text: str) -> tuple[Course, str]:
    said = course_given(text, CellReader(bundled_lexicon()))
    assert said is not None
    return said.value, said.words


@pytest.mark.parametrize(
    ("text", "words", "amount", "unit"),
    [
        ("infusion of 60 million autologous marrow mononuclear cells", "60 million", 60_000_000, "cells"),
        ("injection of 3×10^7 hUC-MSC", "3×10^7", 30_000_000, "cells"),
        ("IV infusion of 3 × 10⁷ cells", "3 × 10⁷ cells", 30_000_000, "cells"),
        ("at least 2 × 10^6 CD34+ cells/kg, IV", "at least 2 × 10^6 CD34+ cells/kg", 2_000_000, "cells/kg"),
        (
            "0.4 mL x 12 injections, 30 million cells/mL, 1.5 x 10^8 hMSC in all",
            "1.5 x 10^8",
            150_000_000,
            "cells",
        ),
    ],
)
def test_the_words_for_a_dose_end_before_the_name_of_the_product(
    text: str, words: str, amount: int, unit: str
) -> None:
    found, said = course(text)
    assert said.startswith(words)
    assert [(dose.low, dose.unit and dose.unit.label) for dose in found.doses] == [(amount, unit)]


def test_a_noun_that_has_lost_its_number_is_no_frequency() -> None:
    found, _ = course("single intra-articular dose of 25 million cells")
    assert (found.times, found.schedule and found.schedule.maximum) == ("single", 1)


def test_an_active_comparator_may_be_given_cells() -> None:
    arms = "Experimental: 4 million cells|Active Comparator: 2 million cells|Active Comparator: Saline"
    assert active_items(arms) == ("4 million cells", "2 million cells")
    assert active_items("Placebo Comparator: 2 mL of solution") == ()
