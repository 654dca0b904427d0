"""A bundled query and the values for it → the form that asks it again, and the addresses of its answer."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode

from kg.queries.catalogue import Parameter, QueryFile, list_queries
from kg.serve.answers.openapi import suffixes_of
from kg.serve.views.page import Value
from kg.vocabulary.lexicon import Lexicon


@dataclass(frozen=True, slots=True)
class Field:
    """One parameter in a form: `kind` is the type of the input, `words` the name of its list of suggestions."""

    name: str
    value: str
    description: str
    kind: str = "text"
    words: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A query as people see it: what it asks, the fields to fill in, and its answer as files."""

    id: str
    summary: str
    description: str
    tags: tuple[str, ...]
    fields: tuple[Field, ...]
    files: tuple[Value, ...]
    columns: Mapping[str, str]


@lru_cache(maxsize=1)
def catalogue() -> Mapping[str, QueryFile]:
    """Return the bundled queries by name, read once in a process."""
    return {query.id: query for query in list_queries()}


def near_names(name: str) -> tuple[str, ...]:
    """Return the names of bundled queries that look like `name`."""
    return tuple(difflib.get_close_matches(name, catalogue(), n=3, cutoff=0.5))


def question_of(query: QueryFile, values: Mapping[str, str]) -> Question:
    """Return the question with `values` filled in, and its examples where there are none."""
    search = f"?{urlencode(values)}" if values else ""
    return Question(
        id=query.id,
        summary=query.summary,
        description=query.description,
        tags=query.tags,
        fields=tuple(_field(parameter, values) for parameter in query.parameters),
        files=tuple(Value(one[1:], f"/api/{query.id}{one}{search}") for one in suffixes_of(query)),
        columns=dict(query.columns),
    )


def suggestions(questions: Sequence[Question], lexicon: Lexicon) -> dict[str, list[str]]:
    """Return the labels of the concepts that the fields of these questions take, by scheme."""
    schemes = sorted({field.words for question in questions for field in question.fields if field.words})
    return {scheme: sorted({concept.label for concept in lexicon.concepts(scheme)}) for scheme in schemes}


def _field(parameter: Parameter, values: Mapping[str, str]) -> Field:
    value = values.get(parameter.name, parameter.example)
    kind = "number" if parameter.type == "integer" else "text"
    return Field(parameter.name, value, parameter.description, kind, parameter.scheme)
