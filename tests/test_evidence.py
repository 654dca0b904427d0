"""The evidence map of the report: what the tables say, by disease and source, one square a report."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_graph import COLITIS, CORD, CROHN, MARROW, concept, record

from kg.model import Coded, Mentions, Outcome, Record
from kg.report.evidence import SAID, EvidenceMap, Field, map_evidence, what_is_said
from kg.report.facts import gather
from kg.report.page import write_page
from kg.validate.model import Report
from kg.vocabulary.lexicon import Concept


def said(efficacy: str = "not-stated", safety: str = "not-stated", status: str = "reported") -> Outcome:
    codes = (concept("outcome-status", status), concept("efficacy", efficacy), concept("safety", safety))
    return Outcome("words", *(Coded(code, "made.up") for code in codes))


def row(
    *sources: Concept, outcome: Outcome | None = None, diseases: tuple[Concept, ...] = (CROHN,)
) -> Record:
    mentions = Mentions(sources) if sources else None
    return record(1, diseases=Mentions(diseases), cell_sources=mentions, outcome=outcome or said("improved"))


def mapped(*records: Record) -> EvidenceMap:
    found = map_evidence(records)
    assert found is not None
    return found


def fields(found: EvidenceMap) -> dict[tuple[str, str], Field]:
    return {
        (disease, source): field
        for disease, _, across in found.rows
        for (source, _), field in zip(found.sources, across, strict=True)
    }


@pytest.mark.parametrize(
    ("outcome", "key"),
    [
        (said("improved", "events-reported"), "improved"),
        (said("no-difference"), "no-difference"),
        (said("not-stated", "no-serious-events"), "safety-only"),
        (said("not-stated"), "not-stated"),
        (said(status="not-public"), "not-public"),
        (said("improved", status="planned"), "planned"),
    ],
)
def test_an_outcome_says_one_thing(outcome: Outcome, key: str) -> None:
    assert what_is_said(outcome) == key
    assert key in {one.key for one in SAID}


def test_a_report_stands_under_each_of_its_diseases_and_sources_and_once_in_the_legend() -> None:
    found = mapped(row(MARROW, CORD, diseases=(CROHN, COLITIS)), row(MARROW, outcome=said("mixed")))
    counts = {place: field.reports for place, field in fields(found).items()}
    assert counts[CROHN.label, MARROW.label] == 2
    assert counts[COLITIS.label, CORD.label] == 1
    assert [(one.key, count) for one, count in found.legend] == [("improved", 1), ("mixed", 1)]
    assert [(disease, count) for disease, count, _ in found.rows] == [(CROHN.label, 2), (COLITIS.label, 1)]


def test_a_report_that_names_no_source_is_not_lost() -> None:
    found = mapped(row(), row(), row(MARROW))
    assert [source for source, _ in found.sources] == [MARROW.label, "not said"]


def test_without_an_outcome_there_is_no_map() -> None:
    assert map_evidence([record(1)]) is None


def test_a_field_says_in_words_what_its_squares_show() -> None:
    found = mapped(row(MARROW), row(MARROW), row(MARROW, outcome=said("worsened")))
    (field,) = fields(found).values()
    assert field.words == "3 reports: 2 improved, 1 worsened"
    assert [square.key for square in field.squares] == ["improved", "improved", "worsened"]


@given(st.dictionaries(st.sampled_from(["improved", "mixed", "worsened"]), st.integers(1, 400), min_size=1))
@settings(deadline=None, max_examples=40)
def test_the_area_of_a_field_is_its_number_of_reports(counts: dict[str, int]) -> None:
    found = mapped(*(row(MARROW, outcome=said(key)) for key, count in counts.items() for _ in range(count)))
    (field,) = fields(found).values()
    for key, count in counts.items():
        area = sum(square.side**2 for square in field.squares if square.key == key)
        assert area * found.scale == pytest.approx(count, abs=0.01 * found.scale)
    assert len(field.squares) <= 28
    assert all(square.x + square.side <= field.across and square.y < field.down for square in field.squares)


def test_many_diseases_are_cut_off_and_counted() -> None:
    diseases = [concept("disease", f"disease-{n:02}") for n in range(40)]
    sources = [concept("cell-source", f"source-{n:02}") for n in range(11)]
    found = mapped(*(row(source, diseases=(disease,)) for disease in diseases for source in sources))
    assert (len(found.rows), found.more_diseases) == (25, 15)
    assert (len(found.sources), found.more_sources) == (8, 3)


class _Page(HTMLParser):
    """Collects the attributes of every element by its name."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def page(*records: Record) -> str:
    from small_graph import table

    return "".join(write_page(gather([table(*records)], (), Report((), ()), (), trials=1)))


def test_the_page_draws_a_square_for_each_report_and_says_the_same_to_who_cannot_see_it() -> None:
    text = page(row(MARROW), row(MARROW, outcome=said("mixed")), row(CORD))
    found = _Page(text).found
    labels = [attrs["aria-label"] for tag, attrs in found if tag == "svg" and "aria-label" in attrs]
    assert labels == ["2 reports: 1 improved, 1 mixed", "1 report: 1 improved"]
    drawn = [attrs for tag, attrs in found if tag == "use"]
    assert len(drawn) == 3 + 2  # and one for each line of the legend
    assert {attrs["href"] for attrs in drawn} == {"#sign-improved", "#sign-mixed"}
    defined = {f"#{attrs['id']}" for tag, attrs in found if tag == "symbol"}
    assert defined == {"#sign-improved", "#sign-mixed"}


def test_the_page_tells_each_code_by_a_sign_and_says_that_it_is_what_the_tables_say() -> None:
    text = page(
        *(row(MARROW, outcome=said(one)) for one in ("improved", "mixed", "no-difference", "worsened"))
    )
    assert re.findall(r"<text [^>]*>(.)</text>", text) == ["+", "±", "=", "−"]
    assert "This is what the tables say, not what is true." in text


def test_the_page_runs_and_loads_nothing() -> None:
    found = _Page(page(row(MARROW, diseases=(concept("disease", "x", '<script>alert("1")</script>'),)))).found
    assert not [tag for tag, _ in found if tag in ("script", "img", "iframe", "object")]
    assert [attrs["href"] for tag, attrs in found if tag == "link"] == ["data:,"]
    assert not [name for _, attrs in found for name in attrs if name.startswith("on")]


def test_a_table_without_outcomes_has_a_page_without_a_map() -> None:
    assert "not what is true" not in page(record(1))
