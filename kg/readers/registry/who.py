"""XML of the WHO's search portal (ICTRP), or of a registry in the WHO's own form → one table of the trials.

The portal's elements are flat, and their names with blanks are the headers that its CSV has. Registries such as
IRCT use the WHO's nested form, whose names are told here in the portal's words.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING

from kg.errors import SourceError
from kg.model import Table
from kg.readers.document import Document
from kg.readers.registry.columns import Export, Trial, as_table
from kg.readers.safe_xml import elements, local, root_tag
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.text import squeeze

if TYPE_CHECKING:
    from lxml.etree import _Element

_LAYOUT = "WHO ICTRP XML"
_PROLOGUE = re.compile(r"\s*(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>|\s)*", re.DOTALL)
_PORTAL_ROOT = re.compile(r"<Trials_downloaded_from_ICTRP[\s>]", re.IGNORECASE)
_ROOT = re.compile(r"<(?:trials|trial|triallist)[\s>]", re.IGNORECASE)
_NUMBER = re.compile(r"<(?:TrialID|trial_id)[\s>/]", re.IGNORECASE)
_BREAK = re.compile(r"<\s*/?\s*(?:br|p|div|li|ul|ol|b|i|u|strong|em|span)\b[^<>]{0,200}>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{1,6}|#x[0-9a-fA-F]{1,6});")
_TRIAL_TAGS = ("Trial", "trial", "Triall", "TRIAL")
# the WHO's own form, in the words of the portal
_PORTAL = {
    "trial_id": "TrialID",
    "reg_name": "Source Register",
    "target_size": "Target size",
    "hc_freetext": "Condition",
    "i_freetext": "Intervention",
    "prim_outcome": "Primary outcome",
    "sec_outcome": "Secondary outcome",
    "date_enrolment": "Date enrollement",
    "url": "web address",
    "agemin": "Inclusion agemin",
    "agemax": "Inclusion agemax",
    "gender": "Inclusion gender",
    "country2": "Countries",
    "sponsor_name": "Secondary Sponsor",
    "source_name": "Source Support",
    "sec_id": "Secondary ID",
}


class WhoReader:
    """Trials in the XML of the WHO's portal or of a registry."""

    name = _LAYOUT

    def fits(self, document: Document, lexicon: Lexicon) -> bool:  # noqa: ARG002
        """Return whether the outermost element is the portal's, or a list of trials with their numbers."""
        start = _PROLOGUE.match(document.head)
        at = start.end() if start else 0
        if _PORTAL_ROOT.match(document.head, at):
            return True
        return bool(_ROOT.match(document.head, at)) and bool(_NUMBER.search(document.head, at))

    def read(self, document: Document, lexicon: Lexicon) -> Sequence[Table]:  # noqa: ARG002
        """Return the one table; raises SourceError for broken XML, or when it holds no trial."""
        trials = list(_trials(document))
        if not trials:
            raise SourceError(
                "there is no trial in this XML", where=document.name, allowed="elements <Trial>"
            )
        nested = any("TrialID" in trial.values for trial in trials) and _is_nested(document)
        label, layout = ("", "WHO trial XML of a registry") if nested else ("WHO ICTRP", _LAYOUT)
        export = Export(document.name, sha256(document.data).hexdigest(), label, layout)
        return (as_table(export, trials),)


def _is_nested(document: Document) -> bool:
    return bool(re.search(r"<trial_id[\s>/]", document.head))


def _trials(document: Document) -> Iterator[Trial]:
    namespace = root_tag(document.name, document.data).rpartition("}")[0]
    prefix = f"{namespace}}}" if namespace else ""
    for element in elements(document.name, document.data, [prefix + tag for tag in _TRIAL_TAGS]):
        values: dict[str, str] = {}
        for name, text in _leaves(element):
            joined = values.get(name)
            values[name] = f"{joined}; {text}" if joined and text else joined or text
        yield Trial(_line(element), _last_line(element), values)


def _leaves(element: _Element) -> Iterator[tuple[str, str]]:
    """Yield header and text of each element in which no other one stands."""
    for child in element.iterdescendants():
        name = local(child)
        if name and not any(local(inner) for inner in child):
            yield _header(name), _shown("".join(map(str, child.itertext())))


def _header(name: str) -> str:
    return _PORTAL.get(name.lower()) or name.replace("_", " ")


def _shown(text: str) -> str:
    """Return text as the portal's page shows it: white space folded, without the tags and entities left in it."""
    plain = _ENTITY.sub(lambda match: html.unescape(match.group()), text) if "&" in text else text
    return squeeze(_BREAK.sub(" ", plain) if "<" in plain else plain)


def _last_line(element: _Element) -> int:
    """Return the line on which the element ends: where its last child begins, and the line ends behind that."""
    last = element[-1] if len(element) else element
    inside = "".join(map(str, last.itertext())) + ((last.tail or "") if last is not element else "")
    return _line(last) + inside.count("\n")


def _line(element: _Element) -> int:
    return int(getattr(element, "sourceline", None) or 1)
