"""Column key + cell text → reading, each distinct text read once: the one place that knows every cell reader."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from kg.cells.concept import read_mentions, read_sources
from kg.cells.count import read_count
from kg.cells.dose import read_dose
from kg.cells.gate import Gate
from kg.cells.outcome import outcome_reader
from kg.cells.phase import read_phase
from kg.cells.reference import read_references
from kg.cells.registration import read_registrations
from kg.cells.schedule import read_schedule
from kg.model import Outcome, Reading, Span, State
from kg.vocabulary.lexicon import Concept, Lexicon
from kg.vocabulary.marks import is_not_given

_MOST_REMEMBERED = 50_000  # readings
Overrides = Mapping[tuple[str, str], Concept]


class CellReader:
    """Reads the cells of one table: its legend may override a form, a header may say what its cells lack.

    `dose_header` may give a unit or a power of ten, `headers` by column key the registry ("NCT number"), the
    arms ("Trial/Control") of bare numbers, or that outcomes may be planned ones ("Primary outcome measures").
    """

    def __init__(
        self,
        lexicon: Lexicon,
        overrides: Overrides | None = None,
        dose_header: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.lexicon = lexicon
        heads = headers or {}
        self._planned = outcome_reader(lexicon).plans(heads["outcome"]) if "outcome" in heads else False
        self._seen: dict[tuple[str, str], Reading[Any]] = {}
        mentions = overrides or {}
        self._gate = Gate(lexicon, mentions)
        self._readers: dict[str, Callable[[str], Reading[Any]]] = {
            "disease": lambda text: read_mentions(text, "disease", lexicon, mentions),
            "cell_source": lambda text: read_sources(text, lexicon, mentions),
            "product": lambda text: read_sources(text, lexicon, mentions),
            "donor": lambda text: read_mentions(text, "donor", lexicon, mentions),
            "route": lambda text: read_mentions(text, "route", lexicon, mentions),
            "dose": lambda text: read_dose(text, lexicon, dose_header),
            "frequency": lambda text: read_schedule(text, lexicon),
            "patients": lambda text: read_count(text, lexicon, heads.get("patients", "")),
            "trial_number": lambda text: read_registrations(text, lexicon, heads.get("trial_number", "")),
            "phase": lambda text: read_phase(text, lexicon),
            "outcome": self.read_outcome,
            "reference": lambda text: read_references(text, lexicon),
        }

    def read(self, key: str, text: str) -> Reading[Any]:
        """Return the reading of `text` under the column `key`; a column without a reader is kept as text."""
        place = (key, text)
        found = self._seen.get(place)
        if found is None:
            if len(self._seen) >= _MOST_REMEMBERED:
                self._seen.clear()  # a table of a million rows must not stay in memory by its cells
            found = self._seen[place] = self._readers.get(key, self._as_text)(text)
        return found

    def read_outcome(self, text: str, diseases: Collection[Concept] = ()) -> Reading[Outcome | None]:
        """Return the reading of an outcome cell in a row on `diseases`, some of whose laboratory values count as effect."""
        return outcome_reader(self.lexicon).read(text, diseases, planned=self._planned)

    def admits(self, key: str, token: str) -> bool:
        """Return whether a cell that the column `key` reads completely may contain `token`."""
        return self._gate.admits(key, token)

    def _as_text(self, text: str) -> Reading[str]:
        if is_not_given(text, self.lexicon):
            return Reading(text, State.EMPTY, "not-given")
        return Reading(text, State.TEXT, "text.own-column", (Span(0, len(text)),))
