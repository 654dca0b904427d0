"""A random seed → whole pasted pages of made-up rows whose true cells are known, from the vocabulary itself."""

from __future__ import annotations

import itertools
import re._parser as regex  # type: ignore[import-not-found]
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from kg.cells.read import CellReader
from kg.readers.base import Source
from kg.records import CELL_KEYS
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.namespaces import TKG

KEYS = CELL_KEYS  # the header order of the first table is that of the record
USUAL = dict(
    zip(
        KEYS,
        [
            "Diseases",
            "Cell source",
            "Route",
            "Dose",
            "Frequency",
            "Patients",
            "Clinical Trials number",
            "Study phase",
            "Outcomes",
            "Ref",
        ],
        strict=True,
    )
)
NUMBERS = "a one|two|three|four|five|six|seven|eight|nine|ten|twelve".replace("a ", "").split("|")
UNKNOWN_STEMS = [
    "Kawadori",
    "Sjögren-like",
    "Weber-Holm",
    "Nakato",
    "Ostrander",
    "Bellini",
    "Tarkas",
    "Morlan",
    "Pelt",
]
UNKNOWN_ENDS = {
    "disease": "syndrome|disease|disorder|deficiency|tumour",
    "cell_source": "tissue|membrane|gland|layer",
}
DOSES = (
    "{f} × 10{e} {cells}",
    "{f} × 10{e} {cells}",
    "{f} ×10{e} {cells}",
    "{f} x 10^{e} {cells}",
    "{f}×10{e} {cells}",
    "{f}–{g} × 10{e} {cells}",
    "{f} or {g} × 10{e} {cells}",
    "{f} × 10{e} or {g} × 10{e} {cells}",
    "{f} × 10{e}–{g} × 10{e} {cells}",
    "{f} × 10{e} to {g} × 10{e} {cells}",
    "{f} × 10{e} {cells} and {g} × 10{e} {cells}",
    "{f}, {g} or {h} × 10{e} {cells}",
    "{f} million {cells}",
    "{f} × 10{e}/kg",
    "{n} mL",
    "{f} mL",
    "{f} × 10{e} EVs/kg",
    "{f} × 10{e} particles",
    "{n} µg",
    "{n} mg",
)
FREQUENCIES = (
    "Once",
    "Once",
    "Once",
    "Twice",
    "{n} times",
    "{N} times",
    "{n} doses",
    "{n} or {m} doses",
    "Once or twice",
    "One, two or three times",
    "{N} or {M} times",
    "At least {n} times",
    "Up to {n} doses",
    "A median of {w} times",
    "Once a week, {n} weeks",
    "Twice a week, {n} weeks",
    "Twice a week, in total {w} weeks",
    "Twice a week, {n}–{m} weeks in total",
    "Once every {n} weeks, {m} doses in total",
    "Biweekly, {n} times in total",
    "Every week for {n} weeks",
    "Every {n} weeks",
    "{n} times every other day",
    "{n} times at {k} h intervals",
    "{n} doses in {m} months",
    "Once a month for {n} months",
    "Weekly for {n} weeks",
    "Monthly",
    "Daily for {n} days",
    "On day 0 and {k}",
    "On day 0, {n} and {k}",
    "Twice at days 0 and {n}",
    "Twice, on week 0 and {n}",
    "Days 0, {n}, {k}",
    "{n} injections, {m} weeks apart",
    "{n} infusions",
    "Single dose",
    "Single injection",
)
SENTENCES = (
    "No adverse events were seen.",
    "{n} patients left the study early.",
    "{N} of {k} participants got better.",
    "{p}% of the fistulas were closed.",
    "Survival was {p}% and {q}% on day {k} and {n}.",
    "IL-{n} and TNF-α fell by {p}%.",
    "Walking distance rose until month {n}",
    "Less pain after {n} weeks, seen again on day {k}",
    "Scores rose from {n}.{m} to {k}.{n}",
    "I was reached in none, II in {n}.",
    "Safe in phase I",
    "The same as in phase II/III trials.",
    "Better than {n} × 106 cells/kg given once.",
    "Response after i.v. BM cells was twice that of UC cells.",
    "Well tolerated at 2 × 108 cells",
    "OS, PFS and ORR did not differ.",
    "The CD4+ T cells rose; GVHD was rare, N.A. for {n}",
    "Grade II–IV GVHD in {p}% (p = 0.0{n})",
    "See NCT0{k}56789 for the rest.",
    "No change.",
    "Safe",
    "Improved",
    "Results pending",
    "At {n} years, all survived [{k}].",
    "{p}% responded, class II or III",
    "ESR, CRP and DAS28 were lower than before",
    "Of {k} treated, {n} relapsed within {m} months",
)

OWN = {
    "Sponsor": "Kanto Medical|University of Elbonia|Aster Bio|St. Mary Hospital|Institute of Cells, Norland|BioNova Inc.|"
    "Northern Stem Cells|Dr. Ann Example",
    "Year": "2009|2012|2015|2016|2019|2020|2021",
    "Status": "Recruiting|Completed|Not yet recruiting|Unknown|Terminated|Active, not recruiting",
    "Country": "China|United States|Iran|South Korea|Spain|Brazil|Kosovo",
}
MALFORMED = "NCT0291768|000024291|432/2020BO|1066023736|ChiCTR-15006|NCT 02336230|MSC-2019-0034"


@dataclass(frozen=True)
class Page:
    """A pasted page, its columns' keys (or headers), and the true cells of its rows; None where a row was cut off."""

    source: Source
    keys: tuple[str, ...]
    rows: tuple[tuple[str, ...] | None, ...]


@dataclass(frozen=True)
class Style:
    """What is unusual about the pages: everything is as in most tables where it is False."""

    unknown: bool = False  # one disease or source in each row that no vocabulary knows
    permuted: bool = False
    left_out: bool = False
    other_headers: bool = False
    broken_lines: bool = False
    truncated: bool = False
    joined: bool = False  # no blank between the cells of a row, nor between the headers
    one_cell: bool = False  # each cell on a line
    sections: bool = False  # the disease stands in a line over its rows
    shared: bool = False  # a row may lack its first cell, which is that of the row above
    own: bool = False  # columns that the record has no key for
    swapped: bool = False  # two headers stand in the wrong order


def sample(pattern: str, random: Random) -> str:
    """Return a text that a registry's pattern matches."""
    return _sampled(regex.parse(pattern), random)


def _sampled(parts: Any, random: Random) -> str:
    out = ""
    for op, value in parts:
        name = str(op)
        if name == "LITERAL":
            out += chr(value)
        elif name == "IN":
            ranges = [
                (v if str(o) == "RANGE" else (v, v)) for o, v in value if str(o) in ("RANGE", "LITERAL")
            ]
            low, high = random.choice(ranges) if ranges else (48, 57)
            out += chr(random.randint(low, high))
        elif name == "BRANCH":
            out += _sampled(random.choice(value[1]), random)
        elif name == "SUBPATTERN":
            out += _sampled(value[-1], random)
        elif name in ("MAX_REPEAT", "MIN_REPEAT"):
            low, high, inner = value
            for _ in range(random.randint(low, min(high, low + 2))):
                out += _sampled(inner, random)
    return out


class Pages:
    """Makes pages from one seed; every known cell is one that its own reader reads completely."""

    def __init__(self, lexicon: Lexicon, seed: int) -> None:
        self._lexicon = lexicon
        self._random = Random(seed)  # noqa: S311 - test data
        self._reader = CellReader(lexicon)
        self._makers: dict[str, Callable[[], str]] = {
            "disease": lambda: self._named("disease", ", |/| and "),
            "cell_source": self._source,
            "route": lambda: self._named("route", " and | or |/|, "),
            "dose": lambda: self._filled(DOSES),
            "frequency": lambda: self._filled(FREQUENCIES),
            "patients": self._patients,
            "trial_number": self._number,
            "phase": lambda: self._pick(
                "I|I|II|II|III|IV|I/II|I/IIa|Ib/IIa|IIb|II/III|Phase 1|Phase II|Phase I/II|Phase 1/2"
            ),
            "outcome": self._outcome,
            "reference": self._reference,
        }

    def page(self, style: Style, count: int = 10) -> Page:
        """Return a page with `count` rows."""
        keys = self._keys(style)
        rows = [self.row(keys, style) for _ in range(count)]
        if style.sections:
            keys, rows = ("disease", *keys[1:]), self._grouped(rows)
        if style.shared:
            rows = self._grouped(rows)
        body: list[str] = []
        truth: list[tuple[str, ...] | None] = []
        for at, row in enumerate(rows):
            cut_off = style.truncated and at % 3 == 1
            truth.append(None if cut_off else row)
            again = at > 0 and row[0] == rows[at - 1][0]
            body += self._body(self._truncated(row) if cut_off else row, style, again=again)
        joint = "" if style.joined else "\n" if style.one_cell else " "
        shown = list(keys[1:] if style.sections else keys)
        if style.swapped:
            shown[3], shown[4] = shown[4], shown[3]
        header = joint.join(self._header(key, style) for key in shown)
        text = "\n".join(
            ["Table 1.", "", "A caption", "", header, *body, "", "Abbreviations: MSC mesenchymal stem cell"]
        )
        return Page(Source("page.txt", text.encode()), keys, tuple(truth))

    def _grouped(self, rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
        """Let some rows have the disease of the row above, as rows under a heading or beside a tall cell have."""
        found = rows[:1]
        for row in rows[1:]:
            found.append((found[-1][0], *row[1:]) if self._random.random() < 0.6 else row)
        return found

    def _body(self, row: Sequence[str] | str, style: Style, *, again: bool) -> list[str]:
        """Return the lines of one row; `again` says that its first cell is that of the row above."""
        if isinstance(row, str):
            return [row]
        if style.sections:
            heading = [] if again else [row[0]]
            return heading + (list(row[1:]) if style.one_cell else [" ".join(row[1:])])
        cells = row[1:] if style.shared and again else row
        if style.one_cell:
            return list(cells)
        if style.joined:
            return ["".join(cells)]
        return self._lines(" ".join(cells), style.broken_lines)

    def row(self, keys: Sequence[str], style: Style) -> tuple[str, ...]:
        """Return the cells of one row."""
        strange = (
            self._random.choice([k for k in ("disease", "cell_source") if k in keys]) if style.unknown else ""
        )
        return tuple(self._unknown(key) if key == strange else self._cell(key) for key in keys)

    def _cell(self, key: str) -> str:
        if key in OWN:
            return self._pick(OWN[key])
        missing = {"disease": 0, "outcome": 0.02, "reference": 0.02, "cell_source": 0.03}.get(key, 0.08)
        if self._random.random() < missing:
            return self._pick("N.A.|NA|–|NR|N/A")
        return self._makers[key]()

    def _pick(self, choices: str | Sequence[str]) -> str:
        return self._random.choice(choices.split("|") if isinstance(choices, str) else choices)

    def _unknown(self, key: str) -> str:
        return f"{self._pick(UNKNOWN_STEMS)} {self._pick(UNKNOWN_ENDS[key])}"

    def _form(self, scheme: str) -> str:
        while True:
            concept = self._random.choice(self._lexicon.concepts(scheme))
            form = self._random.choice(concept.forms)
            key = scheme.replace("-", "_")
            if self._reader.read(key, form).complete and not concept.notes.get(TKG.combines):
                return form

    def _named(self, scheme: str, joints: str) -> str:
        if self._random.random() < 0.8:
            return self._form(scheme)
        return self._pick(joints).join((self._form(scheme), self._form(scheme)))

    def _source(self) -> str:
        form = self._form("cell-source")
        if self._random.random() < 0.6:
            return form
        return self._pick(
            (
                f"{form} or {self._form('cell-source')}",
                f"{form} and {self._form('cell-source')}",
                f"{form}, {self._form('cell-source')}",
                f"Allogeneic {form}",
                f"Autologous {form}",
                f"{form} (autologous)",
                f"{form} MSCs",
                f"{form}-MSC-EV",
                f"{form}-MSCs",
                f"{form} exosomes",
                f"Human {form}",
            )
        )

    def _filled(self, templates: Sequence[str]) -> str:
        number = self._random.randint
        low = self._pick("1|1.5|2|0.5|1.09|1.0|2.5")
        return self._pick(templates).format(
            f=low,
            g=self._pick("3|4.78|5|8|9"),
            h="10",
            e=number(6, 8),
            n=number(2, 4),
            m=number(5, 9),
            k=number(10, 60),
            N=self._pick(NUMBERS[1:4]).capitalize(),
            M=self._pick(NUMBERS[4:6]),
            w=self._pick(NUMBERS[1:9]),
            p=number(11, 99),
            q=number(11, 99),
            cells=self._pick("cells|cells|cells/kg|cells/kg|MSCs|MSCs/kg|cells/kg body weight"),
        )

    def _patients(self) -> str:
        count = self._random.randint(1, 300)
        return self._pick([str(count)] * 12 + [f"n = {count}", f"{2 * count} ({count}/{count})"])

    def _number(self) -> str:
        kind = self._random.random()
        if kind < 0.5:
            return f"NCT{self._random.randint(10**6, 10**7):08d}"
        if kind < 0.75:
            return self._registered()
        if kind < 0.9:
            return self._pick(MALFORMED)
        while True:
            pair = self._pick((" and ", " and", ", ")).join((self._registered(), self._registered()))
            if self._reader.read("trial_number", pair).complete:
                return pair

    def _registered(self) -> str:
        while True:
            registry = self._random.choice(self._lexicon.concepts("registry"))
            if pattern := registry.note(TKG.pattern):
                number = sample(pattern, self._random)
                reading = self._reader.read("trial_number", number)
                if reading.complete and reading.value and reading.value[0].valid:
                    return number

    def _outcome(self) -> str:
        return " ".join(self._filled(SENTENCES) for _ in range(self._random.choice((1, 1, 2, 3))))

    def _reference(self) -> str:
        number = self._random.randint(1, 600)
        return self._pick(
            [str(number)] * 8 + [f"[{number}]", f"{number},{number + 1}", f"[{number}, {number + 2}]"]
        )

    def _keys(self, style: Style) -> tuple[str, ...]:
        keys = list(KEYS)
        if style.joined:
            keys.remove("outcome")
        if style.own:
            keys = [*keys[:1], "Sponsor", *keys[1:6], "Year", *keys[6:8], "Status", "Country"]
        if style.left_out:
            for key in self._random.sample(keys[1:], self._random.randint(1, 3)):
                keys.remove(key)
        if style.permuted:
            self._random.shuffle(keys)
        return tuple(keys)

    def _header(self, key: str, style: Style) -> str:
        if key in OWN:
            return key
        if not style.other_headers:
            return USUAL[key]
        concept = next(c for c in self._lexicon.concepts("column") if c.notation == key)
        form = self._random.choice(concept.forms)
        return form[0].upper() + form[1:]

    def _truncated(self, row: tuple[str, ...]) -> str:
        words = " ".join(row).split()
        ends = len(words) - len(row[-1].split())
        return " ".join(words[: self._random.randint(2, ends)])

    def _lines(self, text: str, broken: bool) -> list[str]:
        if not broken or self._random.random() < 0.5:
            return [text]
        words = text.split()
        cuts = sorted(
            self._random.sample(range(1, len(words)), min(len(words) - 1, self._random.randint(1, 3)))
        )
        edges = [0, *cuts, len(words)]
        return [" ".join(words[a:b]) for a, b in itertools.pairwise(edges)]
