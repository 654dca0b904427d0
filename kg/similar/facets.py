"""The facets by which trials are compared: what each is called, where the graph states it, how values are compared.

A new facet is a new line of `FACETS`.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from kg.errors import QueryError
from kg.similar.values import ADMINISTRATIONS, INTERVAL
from kg.vocabulary.namespaces import TKG


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet. `patterns` are the SPARQL patterns that lead from ?trial to ?value, for amounts to ?low and ?high and,
    where the pattern's own name is "", to ?what.

    `column` is the record's key whose cell reader understands the words of a hypothetical trial, and `schemes` are those
    in which its concepts are looked for. `spans` says how many decades apart two amounts no longer count as alike; ""
    stands for every unit.

    `weight` is what the facet counts unless the user says otherwise. What a trial is about falls into aspects, each of
    which counts 2, divided among its facets: the problem (disease), the product (cell source, product, donor), its way
    into the body (route), the regimen (dose, schedule), what came out (measures, outcome). What is administrative, phase
    and registry, counts 1 together.
    """

    name: str
    title: str
    kind: Literal["concepts", "amounts"]
    patterns: Mapping[str, str]
    column: str = ""
    schemes: tuple[str, ...] = ()
    spans: Mapping[str, float] = field(default_factory=dict)
    weight: float = 1.0


def _stated(prop: str) -> dict[str, str]:
    return {"": f"?report <{TKG.reports}> ?trial ; <{prop}> ?value ."}


def _coded(prop: str) -> str:
    # a code that rests on no words is "not stated", and what both lack makes nobody alike
    return (
        f"?report <{TKG.reports}> ?trial ; <{TKG.outcome}> ?outcome ."
        f" ?outcome <{prop}> ?value ; <{prop}Quote> ?quote ."
    )


_CLAIM = f"?report <{TKG.reports}> ?trial ; <{TKG.outcome}> ?outcome . ?outcome <{TKG.claim}> ?claim ."
_SCHEDULE = f"?report <{TKG.reports}> ?trial ; <{TKG.schedule}> ?schedule ."

FACETS = (
    Facet("disease", "disease", "concepts", _stated(TKG.condition), "disease", ("disease",), weight=2),
    Facet("cell_source", "cell source", "concepts", _stated(TKG.cellSource), "cell_source", ("cell-source",)),
    Facet("product", "product", "concepts", _stated(TKG.product), "product", ("product",), weight=0.5),
    Facet("donor", "donor", "concepts", _stated(TKG.donor), "donor", ("donor",), weight=0.5),
    Facet("route", "route", "concepts", _stated(TKG.route), "route", ("route",), weight=2),
    Facet(
        "dose",
        "dose",
        "amounts",
        {
            "": f"?report <{TKG.reports}> ?trial ; <{TKG.dose}> ?dose ."
            f" ?dose <{TKG.unit}> ?what ; <{TKG.low}> ?low ; <{TKG.high}> ?high ."
        },
        "dose",
        spans={"": 2.0},
    ),
    Facet(
        "schedule",
        "schedule",
        "amounts",
        {
            ADMINISTRATIONS: f"{_SCHEDULE} OPTIONAL {{ ?schedule <{TKG.minAdministrations}> ?low }}"
            f" OPTIONAL {{ ?schedule <{TKG.maxAdministrations}> ?high }}",
            INTERVAL: f"{_SCHEDULE} ?schedule <{TKG.interval}> ?low .",
        },
        "frequency",
        spans={ADMINISTRATIONS: 1.0, INTERVAL: 1.0},
    ),
    Facet("phase", "phase", "concepts", _stated(TKG.reportedPhase), "phase", weight=0.5),
    Facet(
        "measures",
        "outcome measures",
        "concepts",
        {
            "": f"{_CLAIM} ?claim <{TKG.measure}> ?value .",
            "name": f"{_CLAIM} ?claim <{TKG.measureName}> ?value ."
            f" FILTER NOT EXISTS {{ ?claim <{TKG.measure}> ?known }}",
        },
        schemes=("measure", "adverse-event"),
    ),
    Facet(
        "outcome",
        "coded outcome",
        "concepts",
        {"efficacy": _coded(TKG.efficacy), "safety": _coded(TKG.safety)},
        "outcome",
        ("efficacy", "safety"),
    ),
    Facet(
        "registry",
        "registry",
        "concepts",
        {"": f"?trial <{TKG.registration}> ?registration . ?registration <{TKG.registry}> ?value ."},
        schemes=("registry",),
        weight=0.5,
    ),
)

_OTHER_NAMES = {"source": "cell_source", "frequency": "schedule", "measure": "measures"}


def find_facet(name: str) -> Facet:
    """Return the facet of this name ("cell_source", also "cell source" or "source"); QueryError when there is none."""
    key = "_".join(name.strip().lower().replace("-", " ").replace("_", " ").split())
    known = {facet.name: facet for facet in FACETS}
    found = known.get(_OTHER_NAMES.get(key, key))
    if found is None:
        near = difflib.get_close_matches(key, known, n=2, cutoff=0.5)
        raise QueryError(
            "there is no such facet",
            raw=name,
            allowed=", ".join(known),
            hint=f"did you mean {' or '.join(near)}?" if near else "",
        )
    return found
