"""Answer about likeness → JSON: contributions by facet that add up to the score, and the words for them."""

from __future__ import annotations

import json
from collections.abc import Mapping

from kg.similar.among import Kind
from kg.similar.answers.answers import Answer, Comparison, Match, Pairs
from kg.similar.answers.formats.common import KEYS, decimal
from kg.similar.answers.listings import Listing, Score, Told
from kg.similar.profile import Profile


def write_json(answer: Answer) -> str:
    """Return the answer as a JSON document that ends in a line break."""
    return _text(_document(answer), "") + "\n"


def _document(answer: Answer) -> dict[str, object]:
    if isinstance(answer, Listing):
        return {section.name: [*section.rows] for section in answer.sections}
    kind = answer.asked.kind
    if isinstance(answer, Comparison):
        pair = _pair(answer.match, kind)
        return {**pair, "most": Score(answer.most)}
    if isinstance(answer, Pairs):
        return {"pairs": [_pair(match, kind) for match in answer.matches]}
    return {
        **_named(answer.profile, kind),
        **({} if answer.profile.iri else {"like": answer.said}),
        "most": Score(answer.most),
        "neighbours": [{**_named(match.other, kind), **_reasons(match)} for match in answer.matches],
    }


def _named(profile: Profile, kind: Kind) -> dict[str, object]:
    if not profile.iri:
        return {KEYS[kind]: None}
    return {KEYS[kind]: profile.name, "iri": profile.iri, "label": profile.label}


def _pair(match: Match, kind: Kind) -> dict[str, object]:
    other = {
        "other": match.other.name,
        "other_iri": match.other.iri,
        "other_label": match.other.label,
    }
    return {**_named(match.this, kind), **other, **_reasons(match)}


def _reasons(match: Match) -> dict[str, object]:
    return {
        "score": Score(match.score),
        "contributions": {facet: Score(parts) for facet, parts in match.contributions.items()},
        "shared": {facet: words.shared for facet, words in match.words.items() if words.shared},
        "differing": {
            facet: {"this": words.only_this, "other": words.only_other}
            for facet, words in match.words.items()
            if words.only_this or words.only_other
        },
    }


def _text(value: object, margin: str) -> str:
    """Return a value as JSON, what holds nothing but texts on one line."""
    if isinstance(value, Score):
        # not as a float, which Python writes with an exponent when it is small
        return decimal(value.parts)
    if isinstance(value, Told):
        return _text(value.parts, margin)
    if isinstance(value, tuple) and any(isinstance(one, Told) for one in value):
        value = [*value]
    deeper = margin + "  "
    if isinstance(value, Mapping) and value:
        pairs = (f"{deeper}{_plain(key)}: {_text(one, deeper)}" for key, one in value.items())
        return "{\n" + ",\n".join(pairs) + f"\n{margin}}}"
    if isinstance(value, list) and value:
        return "[\n" + ",\n".join(deeper + _text(one, deeper) for one in value) + f"\n{margin}]"
    return _plain(value)


def _plain(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
