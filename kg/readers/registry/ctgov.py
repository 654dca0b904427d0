"""ClinicalTrials.gov's JSON (API version 2: a study, a page, a list, or one study a line) → one table."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Generator, Iterator, Sequence
from hashlib import sha256
from typing import Any

from kg.errors import SourceError
from kg.model import Table
from kg.readers.document import Document
from kg.readers.registry.columns import CLINICAL_TRIALS, Export, Trial, as_table, left_out_of
from kg.readers.registry.study import left_out, study_values
from kg.vocabulary.lexicon import Lexicon

_LAYOUT = "ClinicalTrials.gov JSON"
_PART = "protocolSection"
_PAGE = "studies"
_BLANK = re.compile(r"[ \t\n\r]*")
_COMMAS = re.compile(r"[ \t\n\r,]*")


class CtGovReader:
    """Studies of ClinicalTrials.gov as its API gives them."""

    name = _LAYOUT

    def fits(self, document: Document, lexicon: Lexicon) -> bool:  # noqa: ARG002
        """Return whether the source is JSON with a study or a page of studies in it."""
        if not document.head.lstrip().startswith(("{", "[")):
            return False
        known = (f'"{_PART}"', f'"{_PAGE}"', '"ProtocolSection"')  # the last in an API that is no more
        return any(key in document.head or key.encode() in document.data for key in known)

    def read(self, document: Document, lexicon: Lexicon) -> Sequence[Table]:  # noqa: ARG002
        """Return the one table of all studies; raises SourceError when there is none, or for broken JSON."""
        studies = _Studies(document.name, document.text)
        trials = list(studies.trials())
        if not trials:
            raise SourceError(
                "there is no study in this JSON",
                where=document.name,
                allowed=f'a study with "{_PART}", a page with "{_PAGE}", a list of studies, or one study a line',
            )
        digest = sha256(document.data).hexdigest()
        skipped = tuple(left_out_of("the studies", sorted(studies.left_out)))
        export = Export(document.name, digest, "ClinicalTrials.gov", _LAYOUT, 1, skipped)
        return (as_table(export, trials, CLINICAL_TRIALS),)


class _Studies:
    """The studies of a text, each with its lines; numbers keep their digits, NaN and its like are absent."""

    def __init__(self, name: str, text: str) -> None:
        self._name = name
        self._text = text
        self._decoder = json.JSONDecoder(parse_float=_number, parse_int=str, parse_constant=lambda _: None)
        self._at = 0  # up to here the lines are counted
        self._line = 1
        self.left_out: set[str] = set()

    def trials(self) -> Iterator[Trial]:
        """Yield the studies in their order; raises SourceError where the JSON is broken."""
        at = self._skip(_BLANK, 0)
        while at < len(self._text):
            if self._text.startswith("[", at):
                at = yield from self._list(at, pages=True)
            else:
                at = yield from self._study(at, pages=True)
            at = self._skip(_COMMAS, at)

    def _list(self, at: int, *, pages: bool) -> Generator[Trial, None, int]:
        at = self._skip(_BLANK, at + 1)
        while not self._text.startswith("]", at):
            at = yield from self._study(at, pages=pages)
            at = self._skip(_BLANK, at)
            if self._text.startswith(",", at):
                at = self._skip(_BLANK, at + 1)
            elif not self._text.startswith("]", at):
                raise self._broken("a comma or ] is missing", at)
        return at + 1

    def _study(self, at: int, *, pages: bool) -> Generator[Trial, None, int]:
        """Yield the study that begins at `at`, or those of a page, which is taken apart to know their lines.

        Returns the place behind it. Studies in a study are none, so that nothing goes deeper than a page.
        """
        if not self._text.startswith("{", at):
            return self._value(at)[1]
        start = at
        study: dict[str, Any] = {}
        at = self._skip(_BLANK, at + 1)
        while not self._text.startswith("}", at):
            key, at = self._value(at)
            at = self._skip(_BLANK, at)
            if not isinstance(key, str) or not self._text.startswith(":", at):
                raise self._broken("a key and a colon are missing", at)
            at = self._skip(_BLANK, at + 1)
            if pages and key == _PAGE and self._text.startswith("[", at):
                at = yield from self._list(at, pages=False)
            else:
                study[key], at = self._value(at)
            at = self._skip(_BLANK, at)
            if self._text.startswith(",", at):
                at = self._skip(_BLANK, at + 1)
            elif not self._text.startswith("}", at):
                raise self._broken("a comma or } is missing", at)
        if isinstance(study.get(_PART), dict):
            self.left_out.update(left_out(study))
            yield Trial(self._line_of(start), self._line_of(at), study_values(study))
        return at + 1

    def _value(self, at: int) -> tuple[Any, int]:
        try:
            return self._decoder.raw_decode(self._text, at)
        except json.JSONDecodeError as error:
            raise self._broken(error.msg, error.pos) from error
        except (RecursionError, ValueError) as error:
            raise self._broken(str(error), at) from error

    def _skip(self, what: re.Pattern[str], at: int) -> int:
        match = what.match(self._text, at)
        return match.end() if match else at

    def _line_of(self, at: int) -> int:
        """Return the line of a place that does not lie before the last one asked for."""
        self._line += self._text.count("\n", self._at, at)
        self._at = max(at, self._at)
        return self._line

    def _broken(self, what: str, at: int) -> SourceError:
        line = self._text.count("\n", 0, at) + 1
        return SourceError(
            f"the JSON is broken: {what}",
            where=f"{self._name}, line {line}",
            raw=self._text[at : at + 40],
            hint="download it again; a file that was cut off ends in the middle of a value",
        )


def _number(text: str) -> str:
    """Return a number as text, a whole one without its decimal point: counts pass through programs that add one."""
    value = float(text)
    return str(int(value)) if math.isfinite(value) and value == int(value) and abs(value) < 1e15 else text
