"""Options of `kg similar` → what is wished, or the error that says which of them do not go together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kg.errors import QueryError

ALL_OF_THEM = ("communities", "bridges", "central", "gaps")
_OF_TRIALS = ("bridges", "gaps")  # what speaks of the diseases of trials
_K = 10


@dataclass(frozen=True)
class Wishes:
    """What the user asked for, checked as far as that goes without the graph."""

    names: Sequence[str] = ()
    like: Sequence[tuple[str, str]] = ()
    wanted: int | None = None
    weights: Mapping[str, float] = field(default_factory=dict)
    only: Sequence[str] = ()
    among: str = "trials"
    shown: str = ""
    save: Path | None = None
    graph: Path | None = None
    plots: Path | None = None

    @property
    def k(self) -> int:
        """How many neighbours, pairs or rows."""
        return _K if self.wanted is None else self.wanted

    @property
    def files_only(self) -> bool:
        """Whether files are all that is wished, and nothing on stdout."""
        return bool(self.save or self.graph or self.plots) and not (self.names or self.like or self.shown)

    def check(self) -> None:
        """Raise QueryError for options that do not go together."""
        profiles = len(self.names) + bool(self.like)
        if len(self.names) > 2:
            raise _wrong("takes one name, or two to compare", " ".join(self.names), "no name, one or two")
        if profiles > 2:
            raise _apart("--like", "two names", "give one name, to compare it with what you describe")
        if profiles == 2 and self.wanted is not None:
            raise _apart("-k", "a pair", "one name alone has neighbours")
        if profiles and self.shown and not (self.shown == "gaps" and not self.names):
            raise _apart(f"--show {self.shown}", "a name or --like", "it is about all of them together")
        if self.plots and self.among != "trials":
            raise _apart(
                "--plots", f"--among {self.among}", "they show the trials, and the diseases by their trials"
            )
        if self.shown in _OF_TRIALS and self.among != "trials":
            raise _apart(f"--show {self.shown}", f"--among {self.among}", "it is about trials")
        if self.shown == "gaps" and (self.weights or self.only):
            raise _apart("--show gaps", "--weight or --only", "gaps are of disease, cell source and route")


def read_pairs(texts: Iterable[str], option: str) -> list[tuple[str, str]]:
    """Return FACET=VALUE as pairs; QueryError for what is none."""
    pairs = []
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name.strip() or not value.strip():
            raise QueryError("this is no facet with a value", where=option, raw=text, allowed="FACET=VALUE")
        pairs.append((name.strip(), value.strip()))
    return pairs


def read_weights(texts: Iterable[str]) -> dict[str, float]:
    """Return FACET=NUMBER by facet; QueryError for what is no facet or no number, and for two weights of a facet."""
    from kg.similar.facets import find_facet

    weights: dict[str, float] = {}
    for said, value in read_pairs(texts, "--weight"):
        name = find_facet(said).name
        if name in weights:
            raise QueryError(
                "this facet has two weights", where="--weight", raw=name, allowed="one for each facet"
            )
        try:
            weights[name] = float(value)
        except ValueError:
            raise QueryError(
                "this is no weight",
                where="--weight",
                raw=f"{name}={value}",
                allowed="0 or a positive number, such as 2 or 0.5",
            ) from None
    return weights


def read_only(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the facets of --only, given with commas or one by one; QueryError where there is none between two commas."""
    names = tuple(name.strip() for text in texts for name in text.split(","))
    if not all(names):
        raise QueryError("names no facet", where="--only", raw=",".join(texts), allowed="FACET[,FACET …]")
    return names


def _wrong(what: str, raw: str, allowed: str) -> QueryError:
    return QueryError(what, where="kg similar", raw=raw, allowed=allowed)


def _apart(one: str, other: str, hint: str) -> QueryError:
    return QueryError(f"{one} does not go together with {other}", where="kg similar", hint=hint)
