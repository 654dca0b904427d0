"""Records → the evidence map: for each disease and cell source, as many squares as reports, by what they say.

Area stands for the number of reports; sign and colour for the code of the outcome, which is what a table says
and never what is true.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import ceil, sqrt

from kg.model import Mentions, Outcome, Record

_NOT_SAID = "not said"
_MOST_DISEASES = 25  # what is beyond stands in the query evidence-balance
_MOST_SOURCES = 8
_MOST_SQUARES = 25  # of one cell; where there are more reports, a square stands for several
_A_LINE = 5
_SCALES = tuple(step * 10**power for power in range(8) for step in (1, 2, 5))


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that an outcome may say: `key`, the sign in its square, its name, and what it means."""

    key: str
    sign: str
    name: str
    meaning: str


SAID = (
    Said(
        "improved",
        "+",
        "improved",
        "a benefit is told in at least one endpoint, also without a control group",
    ),
    Said("mixed", "±", "mixed", "a benefit is told in one endpoint, and none or harm in another"),
    Said("no-difference", "=", "no difference", "endpoints are told, and none of them improved"),
    Said("worsened", "−", "worsened", "an endpoint got worse than in the comparison"),
    Said(
        "safety-only",
        "s",
        "safety only",
        "something is said of harm or its absence, and nothing of the effect",
    ),
    Said("not-stated", "·", "neither", "only laboratory values, for example"),
    Said("not-public", "?", "not public", "the cell says that there is no result yet"),
    Said("planned", "…", "planned", "the cell only names what is to be measured"),
)


@dataclass(frozen=True, slots=True)
class Square:
    """A square of the map: what it says, its corner and its side, 1 being the side of a whole one."""

    key: str
    x: float
    y: float
    side: float


@dataclass(frozen=True, slots=True)
class Field:
    """Where a disease and a source meet: the reports, in words too, and their squares in lines of `across`."""

    reports: int
    words: str
    squares: tuple[Square, ...]
    across: int
    down: int


@dataclass(frozen=True, slots=True)
class EvidenceMap:
    """The map: sources across and diseases down, each with its number of reports; `scale` reports make a whole square.

    `legend` has what occurs, with its number of reports; `more_diseases` and `more_sources` are left out.
    """

    sources: tuple[tuple[str, int], ...]
    rows: tuple[tuple[str, int, tuple[Field, ...]], ...]
    scale: int
    legend: tuple[tuple[Said, int], ...]
    more_diseases: int
    more_sources: int


def map_evidence(records: Iterable[Record]) -> EvidenceMap | None:
    """Return the map of the records that have an outcome, None when none has one.

    A report with two diseases or sources stands under each, and counts once in the legend.
    """
    found: dict[tuple[str, str], Counter[str]] = {}
    diseases, sources, said = Counter[str](), Counter[str](), Counter[str]()
    for record in records:
        if record.outcome:
            key = what_is_said(record.outcome)
            said[key] += 1
            over, under = _labels(record.diseases), _labels(record.cell_sources)
            diseases.update(over)
            sources.update(under)
            for place in ((disease, source) for disease in over for source in under):
                found.setdefault(place, Counter())[key] += 1
    return _drawn(found, diseases, sources, said) if said else None


def what_is_said(outcome: Outcome) -> str:
    """Return the key of what an outcome says: of its status, else of the effect, else whether it speaks of safety."""
    if outcome.status.concept.name in ("not-public", "planned"):
        return outcome.status.concept.name
    if outcome.efficacy.concept.name != "not-stated":
        return outcome.efficacy.concept.name
    return "not-stated" if outcome.safety.concept.name == "not-stated" else "safety-only"


def _drawn(
    found: dict[tuple[str, str], Counter[str]],
    diseases: Counter[str],
    sources: Counter[str],
    said: Counter[str],
) -> EvidenceMap:
    down, across = _ordered(diseases)[:_MOST_DISEASES], _ordered(sources)[:_MOST_SOURCES]
    shown = [found.get((disease, source), Counter()) for disease in down for source in across]
    most = max(counts.total() for counts in shown)
    scale = next(scale for scale in _SCALES if most <= scale * _MOST_SQUARES)
    rows = [
        (disease, diseases[disease], tuple(_field(found.get((disease, s), Counter()), scale) for s in across))
        for disease in down
    ]
    legend = tuple((one, said[one.key]) for one in SAID if said[one.key])
    left = (len(diseases) - len(down), len(sources) - len(across))
    return EvidenceMap(tuple((s, sources[s]) for s in across), tuple(rows), scale, legend, *left)


def _labels(mentions: Mentions | None) -> list[str]:
    return [concept.label for concept in mentions.concepts] if mentions and mentions.concepts else [_NOT_SAID]


def _ordered(counts: Counter[str]) -> list[str]:
    return sorted(counts, key=lambda label: (label == _NOT_SAID, -counts[label], label))


def _field(counts: Counter[str], scale: int) -> Field:
    sides = list(_sides(counts, scale))
    squares = [Square(key, at % _A_LINE, at // _A_LINE, side) for at, (key, side) in enumerate(sides)]
    names = {one.key: one.name for one in SAID}
    parts = ", ".join(f"{counts[key]} {name}" for key, name in names.items() if counts[key])
    reports = counts.total()
    words = f"{reports} {'report' if reports == 1 else 'reports'}: {parts}" if reports else ""
    return Field(reports, words, tuple(squares), min(len(sides), _A_LINE), ceil(len(sides) / _A_LINE))


def _sides(counts: Counter[str], scale: int) -> Iterator[tuple[str, float]]:
    """Yield the squares in the order of the legend: whole ones, and one with the area of what is left over."""
    for one in SAID:
        whole, rest = divmod(counts[one.key], scale)
        yield from [(one.key, 1.0)] * whole
        if rest:
            yield one.key, round(sqrt(rest / scale), 3)
