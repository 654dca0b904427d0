"""Files of queries/ → `QueryFile`s: the SPARQL text and what its header says of it.

The header is YAML in the lines that start with `#+`, as grlc has it: summary, description, tags,
parameters (name → type, scheme, example, description) and columns (name → description).
"""

from __future__ import annotations

import difflib
import reprlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kg.errors import QueryError
from kg.resources import query_files

TYPES = ("concept", "decimal", "integer", "iri", "string", "trial")
_KEYS = ("summary", "description", "tags", "parameters", "columns")
_PARAMETER_KEYS = ("type", "scheme", "example", "description")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that the asker may set: it stands in the block `VALUES ?name { … }` of the query.

    `type` is one of TYPES, `scheme` the concept scheme of a concept ("disease"), `example` the text whose
    term stands in the file.
    """

    name: str
    type: str
    scheme: str = ""
    example: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class QueryFile:
    """A query: `id` is the stem of its file, `columns` are (name, description) in the order of the result."""

    id: str
    text: str
    summary: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    columns: tuple[tuple[str, str], ...] = ()


def list_queries() -> tuple[QueryFile, ...]:
    """Return the bundled queries, ordered by id."""
    return tuple(read_query(path) for path in query_files())


def load_query(source: str, *, is_text: bool = False) -> QueryFile:
    """Return the query that `source` names: a bundled query's id, a file, or the SPARQL text itself.

    With `is_text` it is taken as text whatever it looks like (standard input).

    Raises QueryError with the nearest ids when it is none of them.
    """
    if is_text:
        return parse_query(source, "query")
    bundled = {path.stem: path for path in query_files()}
    if source in bundled:
        return read_query(bundled[source])
    if _is_file(source):
        return read_query(Path(source))
    if any(mark in source for mark in "{\n"):
        return parse_query(source, "query")
    if source.endswith(".rq"):
        return read_query(Path(source))
    near = difflib.get_close_matches(source, bundled, n=3, cutoff=0.5)
    raise QueryError(
        f"there is no query named {source!r}",
        allowed="a name of the catalogue, a .rq file, or - for standard input",
        hint=f"did you mean {' or '.join(near)}?" if near else "kg query without a name lists the catalogue",
    )


def read_query(path: Path) -> QueryFile:
    """Return the query of a file; QueryError when it cannot be read or its header is broken."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise QueryError(f"the query file cannot be read: {error.strerror}", where=str(path)) from error
    return parse_query(decode_query(data, str(path)), path.stem, where=path.name)


def decode_query(data: bytes, where: str) -> str:
    """Return the text of a query, with or without a byte order mark; QueryError when it is not UTF-8."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raw = data[error.start : error.start + 8].hex(" ")
        raise QueryError("the query is not text in UTF-8", where=where, raw=raw) from error


def _is_file(name: str) -> bool:
    try:
        return Path(name).is_file()
    except (OSError, ValueError):  # SPARQL is too long for a path, or holds what no path may hold
        return False


def parse_query(text: str, name: str, *, where: str = "") -> QueryFile:
    """Return the query of a text, whose header may be missing; `name` becomes its id."""
    if not text.strip():
        raise QueryError("the query is empty", where=where or name, allowed="a SPARQL query")
    header = _Header(_yaml(text, where or name), where or name)
    return QueryFile(
        id=name,
        text=text,
        summary=header.text("summary"),
        description=header.text("description"),
        tags=header.words("tags"),
        parameters=header.parameters(),
        columns=header.columns(),
    )


@dataclass(frozen=True, slots=True)
class _Header:
    values: Mapping[str, object]
    where: str

    def text(self, key: str) -> str:
        value = self.values.get(key, "")
        if not isinstance(value, str):
            raise self.broken(f"{key} must be a text", value)
        return " ".join(value.split())

    def words(self, key: str) -> tuple[str, ...]:
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            raise self.broken(f"{key} must be a list of words", value)
        return tuple(value)

    def mapping(self, key: str) -> Mapping[str, object]:
        value = self.values.get(key) or {}
        if not isinstance(value, dict) or not all(isinstance(name, str) for name in value):
            raise self.broken(f"{key} must name each of them: a mapping", value)
        return value

    def columns(self) -> tuple[tuple[str, str], ...]:
        inside = _Header(self.mapping("columns"), self.where)
        return tuple((name, inside.text(name)) for name in inside.values)

    def parameters(self) -> tuple[Parameter, ...]:
        return tuple(self._parameter(name, value) for name, value in self.mapping("parameters").items())

    def _parameter(self, name: str, value: object) -> Parameter:
        if not isinstance(value, dict):
            raise self.broken(f"parameter {name} must be a mapping", value, _PARAMETER_KEYS)
        for key in value:
            if key not in _PARAMETER_KEYS:
                raise self.broken(f"parameter {name} has an unknown key", key, _PARAMETER_KEYS)
        fields = {key: _Header(value, self.where).text(key) for key in _PARAMETER_KEYS}
        if fields["type"] not in TYPES:
            raise self.broken(f"parameter {name} has an unknown type", fields["type"], TYPES)
        if (fields["type"] == "concept") != bool(fields["scheme"]):
            raise self.broken(f"parameter {name}: a concept, and nothing else, has a scheme", value)
        return Parameter(name, **fields)

    def broken(self, what: str, raw: object, allowed: tuple[str, ...] = ()) -> QueryError:
        return QueryError(
            f"broken header: {what}", where=self.where, raw=_brief(raw), allowed=", ".join(allowed)
        )


def _brief(raw: object) -> str:
    """Return what was found in few words, however deep it is nested by anchors."""
    return raw if isinstance(raw, str) else reprlib.repr(raw)


def _yaml(text: str, where: str) -> Mapping[str, object]:
    import yaml

    # words and nothing else: an example of 007 stays 007, and no tag can run a constructor

    lines = [line[2:] for line in text.splitlines() if line.startswith("#+")]
    try:
        values = yaml.load("\n".join(lines), Loader=yaml.BaseLoader) or {}  # noqa: S506 - safer than SafeLoader
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        raw = lines[mark.line] if mark and mark.line < len(lines) else ""
        raise QueryError("broken header: the #+ lines are not YAML", where=where, raw=raw) from error
    if not isinstance(values, dict):
        raise QueryError("broken header: not a mapping", where=where, allowed=", ".join(_KEYS))
    for key in values:
        if key not in _KEYS:
            raise QueryError(
                "broken header: unknown key", where=where, raw=str(key), allowed=", ".join(_KEYS)
            )
    return values
