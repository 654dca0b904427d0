"""The TOML file beside a source, and choices on the command line → the user's settings for reading the source.

`trials.csv.toml` belongs to `trials.csv`. It may say what columns mean and what the source does not say itself:

    [columns]                        # column number or header = meaning, a list of meanings, or "text"
    3 = "dose"
    "Cell mass" = ["dose", "route"]
    [table]                          # label, caption, title, doi, legend, disease, license
    disease = "COVID-19"
    [tables."Table 2".columns]       # the same for one table of several
    1 = "text"
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from kg.errors import SourceError
from kg.model import Choice, Settings
from kg.readers.base import Source
from kg.readers.surroundings import find_label
from kg.vocabulary.iri import is_web_iri
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.text import squeeze

FACTS = ("label", "caption", "title", "doi", "legend", "disease", "license")
COMMAND_LINE = "--column"
"""The origin of a choice that no file makes."""
TEXT = "text"
"""The meaning that keeps a column as it is written."""

_SUFFIX = ".toml"
_LARGEST = 2**20  # bytes; nobody writes more settings by hand
_LINE = re.compile(r"\(at line (\d+)")


def read_choice(text: str, lexicon: Lexicon) -> Choice:
    """Return what "3=dose", "Cell mass=dose+route", "3=" (keep as text) or "Table 2:3=dose" says of a column.

    Raises SourceError, with the meanings that are allowed, for anything else.
    """
    column, equals, meaning = text.rpartition("=")
    if not equals or not column.strip():
        raise SourceError(
            "this does not say which column means what",
            where=COMMAND_LINE,
            raw=text,
            allowed='NUMBER=MEANING or HEADER=MEANING, e.g. 3=dose, "Cell mass=dose+route", "Table 2:3=dose"',
            hint=f"a meaning is one of {', '.join(meanings(lexicon))}",
        )
    table, name = _with_table(column)
    words = tuple(filter(None, map(squeeze, meaning.split("+"))))
    return Choice(name, _keys(words, lexicon, COMMAND_LINE, text), table, COMMAND_LINE)


def _with_table(column: str) -> tuple[str, str]:
    table, colon, name = column.partition(":")
    if colon and find_label(table) and name.strip():
        return squeeze(table), squeeze(name)
    return "", squeeze(column)


def meanings(lexicon: Lexicon) -> tuple[str, ...]:
    """Return the meanings that a column can be given: the keys of the record, and "text"."""
    return (*sorted(concept.notation for concept in lexicon.concepts("column") if concept.notation), TEXT)


def with_sidecar(source: Source, lexicon: Lexicon, settings: Settings | None = None) -> Settings:
    """Return `settings` with those of the file beside `source` behind them, so that the command line wins.

    Raises SourceError, naming file and line, for a file that is no TOML or says what nothing here knows.
    """
    given = settings or Settings()
    path = Path(f"{source.path}{_SUFFIX}") if source.path else None
    if path is None or not path.is_file():
        return given
    beside = read_settings(path, lexicon)
    return replace(
        given,
        columns=(*given.columns, *beside.columns),
        facts={**beside.facts, **given.facts},
        origin=beside.origin,
        sha256=beside.sha256,
    )


def read_settings(path: Path, lexicon: Lexicon) -> Settings:
    """Return what a TOML file says; raises SourceError, naming file and line, where it is not understood."""
    text = _text(path)
    try:
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        line = _LINE.search(str(error))
        where = f"{path.name}, line {line[1]}" if line else path.name
        raise SourceError(f"this is no TOML: {error}", where=where, hint="see https://toml.io") from error
    return _File(path.name, text, lexicon).settings(content)


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SourceError(f"the file cannot be read: {error}", where=path.name) from error
    if len(data) > _LARGEST:
        raise SourceError(f"the file is larger than {_LARGEST} bytes", where=path.name)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError("the file is not UTF-8", where=path.name, hint="save it as UTF-8") from error


class _File:
    """One file of settings, whose every key must be known."""

    def __init__(self, name: str, text: str, lexicon: Lexicon) -> None:
        self._name = name
        self._text = text
        self._lexicon = lexicon

    def settings(self, content: Mapping[str, Any]) -> Settings:
        self._only(content, ("columns", "table", "tables"))
        choices = list(self._choices(self._table(content, "columns"), ""))
        for label, own in self._table(content, "tables").items():
            self._only(self._table({label: own}, label), ("columns",))
            choices += self._choices(self._table(own, "columns"), squeeze(label))
        facts = self._table(content, "table")
        self._only(facts, FACTS)
        return Settings(
            columns=tuple(choices),
            facts={name: self._fact(name, value) for name, value in facts.items()},
            origin=self._name,
            sha256=sha256(self._text.encode()).hexdigest(),
        )

    def _choices(self, columns: Mapping[str, Any], table: str) -> Iterator[Choice]:
        for column, value in columns.items():
            words = (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list) else None
            if words is None or not all(isinstance(word, str) for word in words):
                raise self._error(column, f"the meaning of column {column!r} is {value!r}")
            keys = _keys(tuple(map(squeeze, words)), self._lexicon, self._where(column), column)
            yield Choice(squeeze(column), keys, table, self._where(column))

    def _fact(self, name: str, value: object) -> str:
        if not isinstance(value, str):
            raise SourceError(f"{name} is not text in quotes", where=self._where(name), raw=repr(value))
        if name == "license" and not is_web_iri(value):
            raise SourceError(
                "license is not the IRI of a licence",
                where=self._where(name),
                raw=value,
                allowed="an absolute http or https IRI, e.g. https://creativecommons.org/licenses/by/4.0/",
            )
        return squeeze(value)

    def _table(self, content: Mapping[str, Any], name: str) -> Mapping[str, Any]:
        value = content.get(name, {})
        if not isinstance(value, dict):
            raise SourceError(
                f"{name} is no table of settings",
                where=self._where(name),
                raw=repr(value),
                allowed=f"[{name}]",
            )
        return value

    def _only(self, content: Mapping[str, Any], known: Sequence[str]) -> None:
        for name in content:
            if name not in known:
                raise SourceError(
                    "this setting is not known",
                    where=self._where(name),
                    raw=name,
                    allowed=", ".join(known),
                )

    def _error(self, column: str, what: str) -> SourceError:
        allowed = f"{', '.join(meanings(self._lexicon))}, or a list of them"
        return SourceError(what, where=self._where(column), raw=column, allowed=allowed)

    def _where(self, name: str) -> str:
        """Return the file and the first line on which `name` stands as a key."""
        key = re.compile(rf"^\s*\[*[^=#]*(?<![\w-])[\"']?{re.escape(name)}[\"']?\s*[\].=]")
        lines = (n for n, line in enumerate(self._text.splitlines(), 1) if key.search(line))
        line = next(lines, None)
        return f"{self._name}, line {line}" if line else self._name


def _keys(words: Sequence[str], lexicon: Lexicon, where: str, raw: str) -> tuple[str, ...]:
    known = meanings(lexicon)
    plain = [word.lower().replace(" ", "_").replace("-", "_") for word in words]
    wrong = next((word for word, key in zip(words, plain, strict=True) if key not in known), None)
    if wrong is not None or (TEXT in plain and len(plain) > 1):
        raise SourceError(
            f"{wrong or TEXT!r} is no meaning of a column"
            if wrong is not None
            else "a column kept as text means nothing else",
            where=where,
            raw=raw,
            allowed=", ".join(known),
        )
    return tuple(dict.fromkeys(key for key in plain if key != TEXT))
