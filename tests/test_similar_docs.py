"""The worked example of docs/similarity.md adds up, and its pictures show what would be drawn today."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from similar_world import collection, trial

from kg.build.sources import bundled_quads
from kg.similar.draw.folder import draw_pictures
from kg.similar.index import Index
from kg.similar.profile import UNIT, Collection
from kg.similar.read import read_trials
from kg.similar.score import Scorer
from kg.stores.oxigraph import OxigraphStore

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGE = (DOCS / "similarity.md").read_text(encoding="utf-8")
EXAMPLE = PAGE.partition("## A worked example")[2].partition("\n## ")[0]
LINE = re.compile(r"^    (\w+) +([\d./]+ +×[^=]+)= ([\d.]+)$", re.MULTILINE)


@pytest.fixture(scope="module")
def trials() -> Collection:
    store = OxigraphStore()
    store.load_blocks(bundled_quads())
    return read_trials(store)


def worked_out() -> Iterator[tuple[str, float, str]]:
    """Yield facet, value of the expression, and the result as printed, for each line of the worked example."""
    for facet, expression, result in LINE.findall(EXAMPLE):
        assert set(expression) <= set("0123456789.()/×− "), expression
        yield facet, eval(expression.replace("×", "*").replace("−", "-")), result  # noqa: S307 - digits and signs only


def contributions(trials: Collection, one: str, other: str) -> dict[str, int]:
    scorer = Scorer(Index.of(trials))
    index = scorer.index
    found = scorer.compare(index.profile(index.find(one)), index.find(other))
    return {facet: part for facet, part in found.contributions.items() if part}


def test_every_line_of_the_worked_example_is_what_the_program_adds(trials: Collection) -> None:
    *pair, near = worked_out()
    for _, value, result in (*pair, near):
        assert f"{value:.6f}" == result
    assert {facet: round(value * UNIT) for facet, value, _ in pair} == contributions(
        trials, "NCT02097641", "NCT03807804"
    )
    facet, value, _ = near
    assert contributions(trials, "NCT02336230", "NCT01522716")[facet] == round(value * UNIT)


def test_the_lines_sum_to_the_score_that_is_shown() -> None:
    *pair, _ = worked_out()
    total = re.search(r"^sum +([\d.]+)", EXAMPLE, re.MULTILINE)
    assert total is not None
    assert f"{sum(float(result) for _, _, result in pair):.6f}" == total[1]


def test_the_example_of_three_trials_is_worked_out_right() -> None:
    # above osteoarthritis, the small world has one concept
    made = collection(trial(1, disease="knee"), trial(2, disease="hip"), trial(3, disease="stroke"))
    scorer = Scorer(Index.of(made))
    assert scorer.compare(scorer.index.profile(0), 1).score == round(2 / 11 * 1 / 2 * 1 / 2 * UNIT)


def words(picture: bytes) -> list[str]:
    """Return all that is written in an SVG, sorted."""
    texts = ET.fromstring(picture).iter("{http://www.w3.org/2000/svg}text")
    return sorted("".join(text.itertext()).strip() for text in texts)


@pytest.mark.slow
def test_the_pictures_show_what_would_be_drawn_today(trials: Collection) -> None:
    drawn = dict(draw_pictures(trials, Scorer(Index.of(trials))))
    committed = sorted((DOCS / "pictures").glob("*.svg"))
    assert [one.name for one in committed] == ["dendrogram.svg", "heatmap.svg", "map.svg"]
    for one in committed:
        assert words(one.read_bytes()) == words(drawn[one.name]), f"draw {one.name} again: kg similar --plots"
