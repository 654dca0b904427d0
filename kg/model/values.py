"""What a cell can mean, as typed values."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from kg.model.findings import Span
from kg.vocabulary.lexicon import Concept


@dataclass(frozen=True, slots=True)
class Dose:
    """Amount of one administration: `low` to `high` (equal for a single value) in `unit`, a concept or None.

    `status` is "exact", "restored" or "ambiguous"; `verbatim` the words it rests on; `route` the
    route that this dose goes with when the row pairs several doses with several routes.
    """

    low: Decimal
    high: Decimal
    unit: Concept | None
    status: str
    verbatim: str
    span: Span
    route: Concept | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """Doses that a patient receives, least and most (None: open or not known), and the time between them.

    `interval` is an ISO 8601 duration ("P2W"), `interval_days` the same in days where that is exact.
    """

    minimum: int | None = None
    maximum: int | None = None
    median: Decimal | None = None
    interval: str = ""
    interval_days: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Registration:
    """One registration number as written, its registry (None when none has such numbers), its validity.

    `valid` says that the number has its registry's own format, nothing else.
    """

    number: str
    registry: Concept | None
    valid: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Phase:
    """Phases of one cell: single concepts of the scheme (I, II) and the normalised label ("Ib/IIa" or "")."""

    phases: tuple[Concept, ...] = ()
    label: str = ""


@dataclass(frozen=True, slots=True)
class Mentions:
    """Concepts named in a cell, in the order of the text, each once; `operator` is "and", "or" or ""."""

    concepts: tuple[Concept, ...] = ()
    operator: str = ""
