"""What the asker wrote for a parameter → terms of the parameter's type, or an error that says what fits."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from kg.errors import QueryError
from kg.queries.catalogue import Parameter
from kg.queries.terms import decimal_text
from kg.stores.base import Answers, Term, iri, literal
from kg.vocabulary.lexicon import Concept, Lexicon
from kg.vocabulary.namespaces import DCTERMS, RDF_TYPE, TKG, XSD

_IRI = re.compile(r"<?([A-Za-z][A-Za-z0-9+.-]*:[^\s<>]+)>?")
_LIMIT = 1000  # digits of a number; no engine computes with longer ones


@dataclass(frozen=True, slots=True)
class Names:
    """What can say which concept or trial a word names: a lexicon (read when it is needed) and a store."""

    lexicon: Callable[[], Lexicon]
    store: Answers | None = None


def terms_for(parameter: Parameter, value: str, names: Names) -> tuple[Term, ...]:
    """Return the terms that `value` stands for: one, or every trial of a registration number."""
    readers: dict[str, Callable[[Parameter, str, Names], tuple[Term, ...]]] = {
        "concept": _concept,
        "decimal": _decimal,
        "integer": _integer,
        "iri": _iri,
        "string": _string,
        "trial": _trial,
    }
    return readers[parameter.type](parameter, value, names)


def _string(_parameter: Parameter, value: str, _names: Names) -> tuple[Term, ...]:
    return (literal(value),)


def _integer(parameter: Parameter, value: str, _names: Names) -> tuple[Term, ...]:
    if not re.fullmatch(rf"\s*[+-]?[0-9]{{1,{_LIMIT}}}\s*", value):
        raise _wrong(parameter, value, "a whole number such as 10")
    return (literal(str(int(value)), XSD.integer),)


def _decimal(parameter: Parameter, value: str, _names: Names) -> tuple[Term, ...]:
    try:
        number = Decimal(value.strip())
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number.adjusted()) > _LIMIT:
        raise _wrong(parameter, value, "a number such as 2.5 or 2e6")
    return (literal(decimal_text(number), XSD.decimal),)


def _iri(parameter: Parameter, value: str, _names: Names) -> tuple[Term, ...]:
    found = _IRI.fullmatch(value.strip())
    if found is None:
        raise _wrong(parameter, value, "an absolute IRI such as https://w3id.org/trialkg/ontology#dose")
    return (iri(found[1]),)


def _concept(parameter: Parameter, value: str, names: Names) -> tuple[Term, ...]:
    lexicon = names.lexicon()
    concepts = lexicon.concepts(parameter.scheme)
    bare = value.strip().removeprefix("<").removesuffix(">")
    concept = None
    if bare:
        named = (c for c in concepts if bare in (c.iri, c.name, c.notation))
        concept = lexicon.find(parameter.scheme, value) or next(named, None)
    if concept is None:
        allowed = f"a {parameter.scheme.replace('-', ' ')}"
        raise _wrong(parameter, value, allowed, _near(value, concepts))
    return (iri(concept.iri),)


def _near(value: str, concepts: tuple[Concept, ...]) -> str:
    """Return a hint with the labels of the concepts whose forms look most like `value`."""
    by_form = {form.lower(): concept.label for concept in concepts for form in concept.forms}
    near = difflib.get_close_matches(value.lower(), sorted(by_form), n=5, cutoff=0.6)
    labels = list(dict.fromkeys(by_form[form] for form in near))
    if labels:
        return f"did you mean {' or '.join(labels[:3])}?"
    shown = [concept.label for concept in concepts][:8]
    return f"known are {', '.join(shown)}{' …' if len(concepts) > len(shown) else ''}"


def _trial(parameter: Parameter, value: str, names: Names) -> tuple[Term, ...]:
    found = _IRI.fullmatch(value.strip())
    if found is not None:
        return (iri(found[1]),)
    if names.store is None:
        raise _wrong(parameter, value, "the IRI of a trial")
    trials = _known_trials(names.store)
    for same in (str.strip, _bare):
        hits = tuple(trial for trial, number in trials if same(number) == same(value))
        if hits:
            return hits
    numbers = sorted({number for _, number in trials})
    near = difflib.get_close_matches(value.upper(), numbers, n=3, cutoff=0.6)
    hint = f"did you mean {' or '.join(near)}?" if near else "kg query all-trials lists the trials"
    raise _wrong(parameter, value, "a registration number that the graph has", hint)


def _known_trials(store: Answers) -> tuple[tuple[Term, str], ...]:
    """Return every trial with its registration number, or else with the last part of its IRI; sorted."""
    rows = store.select(
        f"SELECT DISTINCT ?trial ?number {{ ?trial <{RDF_TYPE}> <{TKG.ClinicalTrial}> ."
        f" OPTIONAL {{ ?trial <{DCTERMS.identifier}> ?number }} }}"
    ).rows
    pairs = ((trial, number.value if number else _local(trial)) for trial, number in rows if trial)
    return tuple(sorted(set(pairs)))


def _local(trial: Term) -> str:
    return trial.value.rsplit("/", 1)[-1]


def _bare(number: str) -> str:
    return "".join(char for char in number.lower() if char.isalnum())


def _wrong(parameter: Parameter, value: str, allowed: str, hint: str = "") -> QueryError:
    what = f"this does not fit the parameter {parameter.name}"
    return QueryError(what, raw=value, allowed=allowed, hint=hint)
