"""An Accept header chooses the form of an answer as RFC 9110 says it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.serve.negotiate import GRAPHS, TABLES, choose, offers

JSON, XML, CSV, TSV = TABLES[:4]
TURTLE, NTRIPLES, JSONLD, RDFXML = GRAPHS[:4]


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", ()),
        ("text/csv", ("text/csv",)),
        ("Text/CSV ; charset=UTF-8", ("text/csv",)),
        ("text/csv;q=0.5, text/turtle", ("text/turtle", "text/csv;q=0.5")),
        ("text/csv;q=1.000", ("text/csv",)),
        ("a/b;q=0, */*;q=0.001", ("*/*;q=0.001", "a/b;q=0")),
        ('application/ld+json;profile="a,b;q=0";q=0.3, text/csv', ("text/csv", "application/ld+json;q=0.3")),
        (", ,text/csv,,", ("text/csv",)),
    ],
)
def test_offers_are_the_ranges_of_the_header_the_most_wanted_first(
    accept: str, expected: tuple[str, ...]
) -> None:
    assert offers(accept) == expected


@pytest.mark.parametrize(
    "broken",
    ["csv", "*/csv", "text/", "/csv", "text/c sv", "text/csv;q=2", "text/csv;q=-1", "text/csv;q=high"],
)
def test_what_is_no_media_range_is_passed_over(broken: str) -> None:
    assert offers(broken) == ()
    assert offers(f"{broken}, text/turtle") == ("text/turtle",)


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", JSON),
        ("*/*", JSON),
        ("text/*", CSV),
        ("text/csv", CSV),
        ("application/sparql-results+xml, application/sparql-results+json", XML),
        ("application/sparql-results+xml;q=0.5, application/sparql-results+json;q=0.6", JSON),
        ("text/html, */*;q=0.1", JSON),
        ("text/csv, */*", CSV),
        ("text/*, text/tab-separated-values", TSV),
        ("text/*;q=0.9, text/csv;q=0.1", TSV),
        ("*/*, application/sparql-results+json;q=0", XML),
        ("application/json", "application/json"),
        ("text/html", None),
        ("text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8", "application/xml"),
        ("*/*;q=0", None),
        ("text/csv;q=0", None),
    ],
)
def test_the_answer_has_the_form_that_the_client_wants_most(accept: str, chosen: str | None) -> None:
    assert choose(offers(accept), TABLES) == chosen


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", TURTLE),
        ("*/*", TURTLE),
        ("application/rdf+xml;q=0.9, text/turtle;q=0.8, */*;q=0.1", RDFXML),
        ("application/n-triples, text/turtle;q=0.9", NTRIPLES),
        ("application/ld+json", JSONLD),
        ("text/csv", None),
    ],
)
def test_a_graph_has_forms_of_its_own(accept: str, chosen: str | None) -> None:
    assert choose(offers(accept), GRAPHS) == chosen


def test_nothing_is_chosen_of_nothing() -> None:
    assert choose((), ()) is None
    assert choose(("*/*",), ()) is None


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet='abc/*;,q=0.15"\\ \t', max_size=60))
def test_any_header_is_read_and_reads_the_same_when_written_again(accept: str) -> None:
    once = offers(accept)
    assert offers(", ".join(once)) == once
    assert choose(once, TABLES) in (*TABLES, None)
