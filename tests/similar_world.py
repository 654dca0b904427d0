"""A small world of trials to compare: as profiles made by hand, and as a table that goes the whole way through a graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from kg.build.sources import read_all
from kg.graph.iris import Minter
from kg.graph.stream import quad_blocks
from kg.similar.profile import Collection, Profile, Value
from kg.similar.read import read_trials
from kg.similar.terms import Terms
from kg.similar.values import Amount, amounts_of, concepts_of
from kg.stores.oxigraph import OxigraphStore
from kg.vocabulary.load import bundled_lexicon

# knee and hip lie below joint, joint and bone below skeleton; stroke lies apart
TERMS = Terms(
    {
        "v/knee": "knee osteoarthritis",
        "v/hip": "hip osteoarthritis",
        "v/joint": "osteoarthritis",
        "v/bone": "bone disease",
        "v/skeleton": "skeletal disorder",
        "v/stroke": "stroke",
        "v/marrow": "bone marrow",
        "v/fat": "adipose tissue",
        "v/cord": "umbilical cord",
        "v/vein": "intravenous",
        "v/into-joint": "intra-articular",
        "v/cells-per-kg": "cells/kg",
        "v/cells": "cells",
    },
    {
        "v/knee": ("v/joint",),
        "v/hip": ("v/joint",),
        "v/joint": ("v/skeleton",),
        "v/bone": ("v/skeleton",),
    },
)

TABLE = """Disease,Cell source,Route,Dose,Frequency,Patients,Trial number,Phase,Outcome
knee osteoarthritis,bone marrow,intra-articular,2e7 cells,1,20,NCT00000101,I,WOMAC improved. No serious adverse events.
hip osteoarthritis,bone marrow,intra-articular,4e7 cells,1,30,NCT00000102,II,Pain decreased.
knee osteoarthritis,adipose tissue,intra-articular,1e8 cells,"twice, 1 month apart",12,NCT00000103,II,WOMAC did not change.
stroke,bone marrow,intravenous,1e6 cells/kg,1,18,NCT00000104,I/II,NIHSS improved. Fever in two patients.
stroke,umbilical cord,intravenous,2e6 cells/kg,"4, weekly",40,NCT00000105,I/II,NIHSS improved.
Crohn disease,adipose tissue,intralesional,1.2e8 cells,1,212,NCT00000106,III,Fistulas healed in 50% of patients.
"""


def trial(number: int, **facets: str | Sequence[str] | Sequence[Amount]) -> Profile:
    """Return a made trial: concepts by their last part ("knee" or ["knee", "hip"]), amounts as (what, least, most)."""
    values: dict[str, Value] = {}
    for name, stated in facets.items():
        if name in ("dose", "schedule"):
            values[name] = amounts_of([(_iri(what), low, high) for what, low, high in stated])  # type: ignore[misc]
        else:
            values[name] = concepts_of(map(_iri, [stated] if isinstance(stated, str) else stated))  # type: ignore[arg-type]
    return Profile(f"t/{number:04}", f"NCT{number:08}", "", values)


def collection(*trials: Profile, terms: Terms = TERMS) -> Collection:
    """Return a collection of made trials."""
    return Collection(tuple(sorted(trials, key=lambda one: one.iri)), terms)


def world() -> Collection:
    """Return six made trials: three of joints, two of stroke, one of which little is said."""
    return collection(
        trial(1, disease="knee", cell_source="marrow", route="into-joint", dose=[("cells", "1e7", "1e7")]),
        trial(2, disease="hip", cell_source="marrow", route="into-joint", dose=[("cells", "1e8", "1e8")]),
        trial(3, disease="knee", cell_source="fat", route="into-joint", dose=[("cells", "1e7", "1e9")]),
        trial(4, disease="stroke", cell_source="marrow", route="vein", dose=[("cells-per-kg", "1e6", "1e6")]),
        trial(
            5, disease="stroke", cell_source="cord", route="vein", schedule=[("administrations", "4", "4")]
        ),
        trial(6, disease="bone"),
    )


def graph_store(folder: Path, rows: str = TABLE) -> OxigraphStore:
    """Return a store with the graph of a table, made as `kg build` makes it."""
    source = folder / "trials.csv"
    source.write_text(rows, encoding="utf-8")
    lexicon = bundled_lexicon()
    store = OxigraphStore()
    store.load_blocks(quad_blocks(read_all([str(source)], lexicon, lambda _: None), lexicon, Minter()))
    return store


def graph_world(folder: Path, rows: str = TABLE) -> Collection:
    """Return the trials of a table as they are read from its graph."""
    return read_trials(graph_store(folder, rows))


def words(profile: Profile, terms: Terms) -> Mapping[str, list[str]]:
    """Return the concepts that a profile states, by facet, as labels."""
    return {
        name: [terms.label(str(one[0])) for one in value]
        for name, value in profile.values.items()
        if len(value[0]) == 2
    }


def _iri(name: str) -> str:
    return f"v/{name}" if f"v/{name}" in TERMS.labels else name
