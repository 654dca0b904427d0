"""Graph and shapes → what sh:lessThan and sh:lessThanOrEquals find, in place of pySHACL.

Where values cannot be compared, such as a number and a blank node, SHACL 4.5.3 wants a result; pySHACL ends with
an error and reports nothing at all.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from rdflib import SH, Graph, Literal, URIRef
from rdflib.term import Node as Term

from kg.validate.fault import Fault
from kg.validate.paths import Step, path_steps, values_along
from kg.validate.targets import focus_nodes, ordered, targets

_COMPONENTS: dict[URIRef, tuple[URIRef, Callable[[Any, Any], bool]]] = {
    SH.lessThan: (SH.LessThanConstraintComponent, operator.lt),
    SH.lessThanOrEquals: (SH.LessThanOrEqualsConstraintComponent, operator.le),
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """One constraint: the values along `steps` must be less than those of the property `other`."""

    shape: Term
    component: URIRef
    less: Callable[[Any, Any], bool]
    steps: tuple[Step, ...]
    other: Term
    focus: tuple[Term, ...]


def take_comparisons(graph: Graph, shapes: Graph) -> tuple[Comparison, ...]:
    """Remove the comparisons from `shapes` and return them with their focus nodes in `graph`.

    Those of a shape without targets of its own, or with another path than a property or a sequence, stay.
    """
    taken = []
    for kind, (component, less) in _COMPONENTS.items():
        for shape in ordered(set(shapes.subjects(kind))):
            steps = path_steps(shapes, shapes.value(shape, SH.path))
            if not steps or not targets(shapes, shape):
                continue
            focus = tuple(focus_nodes(graph, shapes, shape))
            others = ordered(shapes.objects(shape, kind))
            taken += [Comparison(shape, component, less, steps, other, focus) for other in others]
            shapes.remove((shape, kind, None))
    return tuple(taken)


def disorders(graph: Graph, comparisons: Iterable[Comparison]) -> Iterator[Fault]:
    """Yield a fault for every pair of values that is not in order or cannot be compared."""
    for comparison in comparisons:
        for focus in comparison.focus:
            others = ordered(graph.objects(focus, comparison.other))
            for value in values_along(graph, comparison.steps, focus) if others else ():
                for other in others:
                    if not _in_order(comparison, value, other):
                        yield Fault(comparison.shape, comparison.component, focus, value)


def _in_order(comparison: Comparison, value: Term, other: Term) -> bool:
    if not isinstance(value, Literal) or not isinstance(other, Literal):
        return False
    if value.value is None or other.value is None or value.ill_typed or other.ill_typed:
        return False
    try:
        return bool(comparison.less(value.value, other.value))
    except (TypeError, ArithmeticError):  # ArithmeticError: a decimal beside a double that is no number
        return False
