"""Names that stand in one name together: which of them is meant."""

from __future__ import annotations

from functools import lru_cache

import pytest

from kg.cells.concept import read_sources
from kg.cells.mentions import read_mentions
from kg.cells.prose import routes_in, sources_in
from kg.resources import vocabulary_files
from kg.vocabulary.lexicon import Lexicon, load_lexicon


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    return load_lexicon(vocabulary_files())


def sources(text: str) -> list[str]:
    return [concept.label for concept in read_sources(text, lexicon()).value.sources.concepts]


def routes(text: str) -> list[str]:
    return [concept.label for concept in read_mentions(text, "route", lexicon()).value.concepts]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("ESC-derived RPE", "embryonic stem cells"),
        ("allogeneic iPSC-derived NK cells", "iPSC"),
        ("iPSC-islets", "iPSC"),
        ("donor PB-NK", "peripheral blood"),
        ("UCB-NK", "umbilical cord blood"),
        ("CD34+ bone marrow cells", "bone marrow"),
        ("NK cells (cord blood)", "umbilical cord blood"),
        ("T cells derived from iPSC", "iPSC"),
        ("cord blood T cells", "umbilical cord blood"),
        ("iPSC-derived NK T cells", "iPSC"),
    ],
)
def test_cells_that_are_made_of_another_source_have_that_as_their_source(text: str, label: str) -> None:
    assert sources(text) == [label]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("autologous NK cells", "NK cells"),
        ("RPE sheet", "retina"),
        ("cadaveric islets", "pancreatic islets"),
        ("keratinocytes", "skin"),
        ("neural stem cells", "neural stem cells"),
    ],
)
def test_cells_are_their_own_source_when_nothing_else_is_named(text: str, label: str) -> None:
    assert sources(text) == [label]


def test_cells_win_over_the_tissue_that_they_are_native_to() -> None:
    assert sources("cartilage-derived chondrocytes") == ["chondrocytes"]
    assert sources("chondrocytes from cartilage") == ["chondrocytes"]


@pytest.mark.parametrize(
    "text", ["WJ-MSC and NK cells", "WJSC, NK cells", "WJSC + NK cells", "WJSC and its NK cells"]
)
def test_names_that_are_listed_stay_two_sources(text: str) -> None:
    assert sources(text) == ["Wharton's jelly", "NK cells"]


def test_what_gives_way_is_read_and_not_unknown() -> None:
    reading = read_sources("iPSC-derived RPE", lexicon())
    assert reading.unread == ()
    assert [finding.code for finding in reading.findings] == []


def test_prose_has_the_source_of_the_cells_that_are_made() -> None:
    found = sources_in("Allogeneic cord blood NK cells in lymphoma", lexicon())
    assert found is not None
    assert [concept.label for concept in found.value.concepts] == ["umbilical cord blood"]


def test_an_operation_gives_way_to_the_place_before_it() -> None:
    assert routes("intra-articular implantation") == ["intra-articular"]
    assert routes("intramyocardial, at surgery") == ["intramyocardial"]
    assert routes("intravenous and surgical implantation") == ["intravenous", "surgical implantation"]


def test_the_place_into_which_something_is_put_is_part_of_the_operation() -> None:
    assert routes("surgically transplanted into the putamen") == ["surgical implantation"]


@pytest.mark.parametrize(
    ("text", "label", "quoted"),
    [
        ("MSC infused into the portal vein", "portal vein", "infused into the portal vein"),
        ("cells injected around the fistula", "intralesional", "injected around the fistula"),
    ],
)
def test_behind_a_verb_the_name_of_a_place_is_a_route(text: str, label: str, quoted: str) -> None:
    found = routes_in(text, lexicon())
    assert found is not None
    assert [concept.label for concept in found.value.concepts] == [label]
    assert found.words == quoted


def test_the_name_of_a_place_alone_is_no_route_in_prose() -> None:
    assert routes_in("Thrombosis of the portal vein after cell therapy", lexicon()) is None
