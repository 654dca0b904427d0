"""One study of ClinicalTrials.gov as its API (version 2) gives it → its values under the headers of the CSV export.

Every key may be absent, and every value may be of another kind than expected: what is not there gives no column.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kg.readers.registry.columns import listed, worded

_NUMBER = "NCT Number"
_PAGE = "https://clinicaltrials.gov/study/"


_READ = frozenset(
    f"{name}Module"
    for name in (
        "identification", "status", "conditions", "description", "armsInterventions", "outcomes", "sponsorCollaborators",
        "eligibility", "design", "contactsLocations",
    )
)  # fmt: skip


def left_out(study: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names of the sections and modules of a study that have no column."""
    yield from (
        name
        for name in study
        if name.endswith("Section") and name not in ("protocolSection", "derivedSection")
    )
    yield from (name for name in _at(study, "protocolSection") if name not in _READ)


def study_values(study: Mapping[str, Any]) -> dict[str, str]:
    """Return the values of a study by header; a header is there when the study has its key."""
    found = {header: value for header, value in _values(study) if value is not None}
    if found.get(_NUMBER):
        found["Study URL"] = _PAGE + found[_NUMBER]
    return found


def _values(study: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
    protocol = _at(study, "protocolSection")
    yield from _identity(_at(protocol, "identificationModule"))
    yield from _status(_at(protocol, "statusModule"))
    conditions = _at(protocol, "conditionsModule")
    yield "Conditions", _list(conditions, "conditions")
    yield "Keywords", _list(conditions, "keywords")
    yield "Condition MeSH Terms", _mesh(study)
    yield "Brief Summary", _text(_at(protocol, "descriptionModule"), "briefSummary")
    yield "Study Results", _results(study)
    yield from _arms(_at(protocol, "armsInterventionsModule"))
    yield from _outcomes(_at(protocol, "outcomesModule"))
    yield from _sponsors(_at(protocol, "sponsorCollaboratorsModule"))
    yield from _eligibility(_at(protocol, "eligibilityModule"))
    yield from _design(_at(protocol, "designModule"))
    yield "Locations", _locations(_at(protocol, "contactsLocationsModule"))


def _identity(module: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
    yield _NUMBER, _text(module, "nctId")
    yield "Study Title", _text(module, "briefTitle") or _text(module, "officialTitle")
    yield "Official Title", _text(module, "officialTitle")
    yield "Acronym", _text(module, "acronym")
    own = _text(_at(module, "orgStudyIdInfo"), "id")
    others = [_text(info, "id") or "" for info in _dicts(module, "secondaryIdInfos")]
    yield "Other IDs", listed([own or "", *others]) or None


def _status(module: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
    yield "Study Status", _text(module, "overallStatus")
    for header, key in (
        ("Start Date", "startDateStruct"),
        ("Primary Completion Date", "primaryCompletionDateStruct"),
        ("Completion Date", "completionDateStruct"),
        ("First Posted", "studyFirstPostDateStruct"),
        ("Results First Posted", "resultsFirstPostDateStruct"),
        ("Last Update Posted", "lastUpdatePostDateStruct"),
    ):
        yield header, _text(_at(module, key), "date")


def _arms(module: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
    things = _dicts(module, "interventions")
    if things:
        yield "Interventions", listed(_named(_text(thing, "type"), _text(thing, "name")) for thing in things)
        described = (_described(_text(t, "name"), _text(t, "description")) for t in things)
        yield "Intervention Descriptions", listed(described) or None
    arms = _dicts(module, "armGroups")
    if arms:
        yield "Arms", listed(map(_arm, arms))
        used = ((arm, _list(arm, "interventionNames", ", ")) for arm in arms)
        yield "Arm Interventions", listed(_described(_text(a, "label"), names) for a, names in used) or None


def _arm(arm: Mapping[str, Any]) -> str:
    label, description = _text(arm, "label"), _text(arm, "description")
    return arm_words(_text(arm, "type") or "", label or "", description or "")


def arm_words(kind: str, label: str, description: str) -> str:
    """Return an arm as the registry's pages show it: "Experimental: MSC: 2 × 10⁶ cells/kg once"."""
    return ": ".join(filter(None, (worded(kind), label, description)))


def _outcomes(module: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
    for header, key in (
        ("Primary Outcome Measures", "primaryOutcomes"),
        ("Secondary Outcome Measures", "secondaryOutcomes"),
        ("Other Outcome Measures", "otherOutcomes"),
    ):
        measures = (
            listed(
                [_text(o, "measure") or "", _text(o, "description") or "", _text(o, "timeFrame") or ""], ", "
            )
            for o in _dicts(module, key)
        )
        yield header, listed(measures) or None


def _sponsors(module: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
    lead = _at(module, "leadSponsor")
    yield "Sponsor", _text(lead, "name")
    yield "Funder Type", _text(lead, "class")
    others = _dicts(module, "collaborators")
    yield "Collaborators", listed(_text(other, "name") or "" for other in others) or None


def _eligibility(module: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
    yield "Sex", _text(module, "sex")
    yield "Age", _list(module, "stdAges", ", ")


def _design(module: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
    yield "Phases", _list(module, "phases")
    yield "Enrollment", _text(_at(module, "enrollmentInfo"), "count")
    yield "Study Type", _text(module, "studyType")
    info = _at(module, "designInfo")
    masking = _at(info, "maskingInfo")
    whom = _list(masking, "whoMasked", ", ")
    mask = _text(masking, "masking")
    yield (
        "Study Design",
        design_words(
            _text(info, "allocation"),
            _text(info, "interventionModel") or _text(info, "observationalModel"),
            f"{mask} ({whom})" if mask and whom else mask,
            _text(info, "primaryPurpose"),
        ),
    )


def design_words(
    allocation: str | None, model: str | None, masking: str | None, purpose: str | None
) -> str | None:
    """Return a design as the CSV export writes it, None when nothing is known of it."""
    parts = (
        ("Allocation", allocation),
        ("Intervention Model", model),
        ("Masking", masking),
        ("Primary Purpose", purpose),
    )
    return listed(f"{name}: {value}" for name, value in parts if value) or None


def _locations(module: Mapping[str, Any]) -> str | None:
    keys = ("facility", "city", "state", "zip", "country")
    places = (listed((_text(place, k) or "" for k in keys), ", ") for place in _dicts(module, "locations"))
    return listed(places) or None


def _mesh(study: Mapping[str, Any]) -> str | None:
    browse = _at(_at(study, "derivedSection"), "conditionBrowseModule")
    return listed(_text(mesh, "term") or "" for mesh in _dicts(browse, "meshes")) or None


def _results(study: Mapping[str, Any]) -> str | None:
    has = study.get("hasResults")
    return None if has is None else "YES" if has is True else "NO"


def _named(kind: str | None, name: str | None) -> str:
    return f"{kind}: {name}" if kind and name else name or ""


def _described(name: str | None, description: str | None) -> str:
    return f"{name}: {description}" if name and description else ""


def _at(value: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    inner = value.get(key)
    return inner if isinstance(inner, dict) else {}


def _dicts(value: Mapping[str, Any], key: str) -> Sequence[Mapping[str, Any]]:
    inner = value.get(key)
    return [item for item in inner if isinstance(item, dict)] if isinstance(inner, list) else []


def _text(value: Mapping[str, Any], key: str) -> str | None:
    """Return a value as text, None when it is absent; a list or an object is no text."""
    inner = value.get(key)
    return None if inner is None or isinstance(inner, dict | list) else str(inner)


def _list(value: Mapping[str, Any], key: str, separator: str = "|") -> str | None:
    inner = value.get(key)
    if not isinstance(inner, list):
        return _text(value, key)
    return listed((str(item) for item in inner if not isinstance(item, dict | list | None)), separator)
