"""Concepts and numbers of the model → the plain values that JSON has for them."""

from __future__ import annotations

from decimal import Decimal

from kg.vocabulary.lexicon import Concept


def label(concept: Concept | None) -> str | None:
    """Return the preferred label of a concept, None for none."""
    return concept.label if concept else None


def notation(concept: Concept) -> str:
    """Return the short code of a concept, its label when it has none."""
    return concept.notation or concept.label


def plain_number(value: Decimal) -> int | float:
    """Return a whole number without a point, any other with one."""
    return int(value) if value == value.to_integral_value() else float(value)
