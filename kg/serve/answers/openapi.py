"""The catalogue of queries → a description in OpenAPI 3.1 of the questions that this server answers as plain URLs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kg.queries.catalogue import Parameter, QueryFile
from kg.serve.negotiate import GRAPHS, TABLES
from kg.serve.suffixes import SUFFIXES
from kg.vocabulary.namespaces import VOCABULARY

Json = dict[str, Any]

_ABOUT = (
    "Every bundled question as a URL that answers GET and HEAD. A parameter that is left out keeps its default. "
    "The form of the answer is chosen by Accept or by a suffix of the path, such as .csv for a spreadsheet."
)
_WORDS = {
    "concept": "Any spelling of a concept of {scheme}, its notation or its IRI.",
    "trial": "A registration number, the last part of a trial's IRI, or the IRI.",
    "string": "Any text.",
    "integer": "A whole number.",
    "decimal": "A number; an exponent is allowed, as in 2e6.",
    "iri": "An absolute IRI.",
}
_SCHEMAS: Mapping[str, Json] = {
    "concept": {"type": "string"},
    "trial": {"type": "string"},
    "string": {"type": "string"},
    "integer": {"type": "integer"},
    "decimal": {"type": "number"},
    "iri": {"type": "string", "format": "iri"},
}
_FAILURES = {
    "400": ("Refused", "The question or one of its values is wrong; the text says what is allowed."),
    "404": ("Unknown", "There is no such question; the text names those that are near."),
    "406": ("NotAcceptable", "The answer has none of the forms asked for; the text lists those it has."),
    "413": ("TooLarge", "The answer is larger than this server gives out."),
    "503": ("Unavailable", "The answer took too long, or too many questions are waiting."),
}


def describe_api(queries: Sequence[QueryFile], title: str, version: str, server: str = "/") -> Json:
    """Return the OpenAPI document of `queries` at the URL `server`; plain values, ready for JSON."""
    paths: Json = {}
    for query in queries:
        paths[f"/api/{query.id}"] = {"get": _operation(query)}
        paths[f"/api/{query.id}.{{form}}"] = {"get": _in_a_form(query)}
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version, "description": _ABOUT},
        "servers": [{"url": server}],
        "tags": [{"name": tag} for tag in sorted({tag for query in queries for tag in query.tags})],
        "paths": paths,
        "components": _components(queries),
    }


def _operation(query: QueryFile) -> Json:
    return {
        "operationId": query.id,
        "summary": query.summary,
        "description": query.description,
        "tags": list(query.tags),
        "parameters": [{"$ref": f"#/components/parameters/{query.id}.{p.name}"} for p in query.parameters],
        "responses": _responses(query),
    }


def _in_a_form(query: QueryFile) -> Json:
    """Return the operation whose path ends in a suffix; it has a name of its own, as every operation must."""
    form = {
        "name": "form",
        "in": "path",
        "required": True,
        "description": "The form of the answer, whatever Accept says.",
        "schema": {"type": "string", "enum": [suffix[1:] for suffix in suffixes_of(query)]},
    }
    operation = _operation(query) | {
        "operationId": f"{query.id}-as",
        "summary": f"{query.summary}, as a file",
    }
    return operation | {"parameters": [form, *operation["parameters"]]}


def suffixes_of(query: QueryFile) -> tuple[str, ...]:
    """Return the suffixes that the answer of `query` may have, with their dots: one for each media type."""
    media = _media(query)
    return tuple(suffix for suffix, offers in SUFFIXES.items() if offers[0] in media)


def _media(query: QueryFile) -> tuple[str, ...]:
    """Return the media types of a query's answer, without their other names; only a graph has no columns."""
    return (TABLES if query.columns else GRAPHS)[:4]


def _parameter(parameter: Parameter) -> Json:
    schema = dict(_SCHEMAS[parameter.type])
    if parameter.example:
        schema["default"] = _typed(parameter)
    words = _WORDS[parameter.type].format(scheme=f"{VOCABULARY}{parameter.scheme}")
    found: Json = {
        "name": parameter.name,
        "in": "query",
        "required": False,
        "description": f"{parameter.description.rstrip('.')}. {words}".removeprefix(". "),
        "schema": schema,
    }
    return found | ({"example": schema["default"]} if parameter.example else {})


def _typed(parameter: Parameter) -> object:
    """Return the example as a value of its type in JSON."""
    if parameter.type == "integer":
        return int(parameter.example)
    if parameter.type == "decimal":
        value = float(parameter.example)
        return int(value) if value.is_integer() else value
    return parameter.example


def _responses(query: QueryFile) -> Json:
    names = {"200": query.id, "304": "Unchanged"} | {code: name for code, (name, _) in _FAILURES.items()}
    return {code: {"$ref": f"#/components/responses/{name}"} for code, name in names.items()}


def _answer(query: QueryFile) -> Json:
    return {
        "description": query.description,
        "headers": {"ETag": {"$ref": "#/components/headers/ETag"}},
        "content": {media: {"schema": _schema(media, query)} for media in _media(query)},
    }


def _schema(media: str, query: QueryFile) -> Json:
    """Return what an answer of this media type holds: for JSON the full structure, else its columns in words."""
    if media.endswith("sparql-results+json"):
        return _results(query)
    if media.endswith("json"):
        return {"type": ["object", "array"], "description": "A JSON-LD document."}
    if not query.columns:
        return {"type": "string", "description": "RDF."}
    columns = "; ".join(f"{name}: {words}" for name, words in query.columns)
    return {"type": "string", "description": f"The columns, in this order: {columns}."}


def _results(query: QueryFile) -> Json:
    names = [name for name, _ in query.columns]
    columns = {
        name: {"$ref": "#/components/schemas/Term", "description": words} for name, words in query.columns
    }
    row = {"type": "object", "properties": columns, "additionalProperties": False}
    rows = {"type": "array", "items": row}
    variables = {"type": "array", "items": {"type": "string", "enum": names}}
    return {
        "type": "object",
        "required": ["head", "results"],
        "properties": {
            "head": {"type": "object", "required": ["vars"], "properties": {"vars": variables}},
            "results": {"type": "object", "required": ["bindings"], "properties": {"bindings": rows}},
        },
    }


def _components(queries: Sequence[QueryFile]) -> Json:
    """Return what operations share; both addresses of a question have the same parameters and answers."""
    text = {"text/plain": {"schema": {"type": "string"}}}
    failures = {name: {"description": words, "content": text} for name, words in _FAILURES.values()}
    return {
        "schemas": {"Term": _TERM},
        "headers": {"ETag": _ETAG},
        "parameters": {f"{query.id}.{p.name}": _parameter(p) for query in queries for p in query.parameters},
        "responses": {query.id: _answer(query) for query in queries} | failures | {"Unchanged": _UNCHANGED},
    }


_UNCHANGED: Json = {"description": "The answer is still the one with the ETag that If-None-Match gives."}
_ETAG: Json = {
    "description": "Stays the same as long as the graph, the program and the question do.",
    "schema": {"type": "string"},
}
_TERM: Json = {
    "type": "object",
    "description": "One value, as the JSON form of SPARQL results has it; a value that is missing has no key.",
    "required": ["type", "value"],
    "properties": {
        "type": {"type": "string", "enum": ["uri", "literal", "bnode"]},
        "value": {"type": "string"},
        "datatype": {"type": "string", "format": "iri"},
        "xml:lang": {"type": "string"},
    },
}
