"""Files of queries/ → `QueryFile`s: the SPARQL text and what its header says of it.

The header is YAML in the leading lines that start with `#+`, as grlc has it: summary, description, tags,
parameters (name → type, scheme, example, description) and columns (name → description).
"""

from __future__ import annotations

import difflib
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
    """Return the query that `source` names: a bundled query's id, a .rq file, or the SPARQL text itself.

    With `is_text` it is taken as text whatever it looks like (standard input).

    Raises QueryError with the nearest ids when it is none of them.
    """
    if is_text or any(mark in source for mark in "{\n"):
        return parse_query(source, "query")
    bundled = {path.stem: path for path in query_files()}
    if source in bundled:
        return read_query(bundled[source])
    if source.endswith(".rq") or Path(source).is_file():
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
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise QueryError(f"the query file cannot be read: {reason}", where=str(path)) from error
    return parse_query(text, path.stem, where=path.name)


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
        columns=tuple((key, str(value)) for key, value in header.mapping("columns").items()),
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

    def parameters(self) -> tuple[Parameter, ...]:
        return tuple(self._parameter(name, value) for name, value in self.mapping("parameters").items())

    def _parameter(self, name: str, value: object) -> Parameter:
        if not isinstance(value, dict):
            raise self.broken(f"parameter {name} must be a mapping", value, _PARAMETER_KEYS)
        for key in value:
            if key not in _PARAMETER_KEYS:
                raise self.broken(f"parameter {name} has an unknown key", key, _PARAMETER_KEYS)
        fields = {key: " ".join(str(value.get(key, "")).split()) for key in _PARAMETER_KEYS}
        if fields["type"] not in TYPES:
            raise self.broken(f"parameter {name} has an unknown type", fields["type"], TYPES)
        if (fields["type"] == "concept") != bool(fields["scheme"]):
            raise self.broken(f"parameter {name}: a concept, and nothing else, has a scheme", value)
        return Parameter(name, **fields)

    def broken(self, what: str, raw: object, allowed: tuple[str, ...] = ()) -> QueryError:
        return QueryError(
            f"broken header: {what}", where=self.where, raw=str(raw), allowed=", ".join(allowed)
        )


def _yaml(text: str, where: str) -> Mapping[str, object]:
    import yaml

    lines = [line[2:] for line in text.splitlines() if line.startswith("#+")]
    try:
        values = yaml.safe_load("\n".join(lines)) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise QueryError(
            "broken header: the #+ lines are not YAML", where=where, raw=lines[mark.line] if mark else ""
        ) from error
    if not isinstance(values, dict):
        raise QueryError("broken header: not a mapping", where=where, allowed=", ".join(_KEYS))
    for key in values:
        if key not in _KEYS:
            raise QueryError(
                "broken header: unknown key", where=where, raw=str(key), allowed=", ".join(_KEYS)
            )
    return values
