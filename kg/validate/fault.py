"""What is found here in place of pySHACL, written into its report graph as pySHACL would."""

from __future__ import annotations

from dataclasses import dataclass

from rdflib import SH, BNode, Graph
from rdflib.term import Node as Term


@dataclass(frozen=True, slots=True)
class Fault:
    """One result: the shape and the constraint component that give it, and what they give it for."""

    shape: Term
    component: Term
    focus: Term
    value: Term | None
    path: Term | None = None

    def write(self, found: Graph, shapes: Graph) -> None:
        """Add this result to the report graph `found`, with the severity and the messages of its shape."""
        node = BNode()
        said = {
            SH.sourceShape: self.shape,
            SH.sourceConstraintComponent: self.component,
            SH.focusNode: self.focus,
            SH.value: self.value,
            SH.resultPath: self.path,
            SH.resultSeverity: shapes.value(self.shape, SH.severity) or SH.Violation,
        }
        for prop, term in said.items():
            if term is not None:
                found.add((node, prop, term))
        found.add((BNode(), SH.result, node))
        for message in shapes.objects(self.shape, SH.message):
            found.add((node, SH.resultMessage, message))
