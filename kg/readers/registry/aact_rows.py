"""Rows of AACT's files about one trial → its values under the headers of the registry's CSV export."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence

from kg.readers.registry.aact_files import SIBLINGS, Files
from kg.readers.registry.columns import listed
from kg.readers.registry.study import arm_words, design_words

Values = Mapping[str, str]
About = Mapping[str, Sequence[Values]]  # the rows about one trial, by file

# columns of the studies; what a study has no word for becomes a blank cell
_STUDY = (
    ("NCT Number", "nct_id"),
    ("Study Title", "brief_title"),
    ("Official Title", "official_title"),
    ("Acronym", "acronym"),
    ("Study Status", "overall_status"),
    ("Phases", "phase"),
    ("Enrollment", "enrollment"),
    ("Study Type", "study_type"),
    ("Start Date", "start_date"),
    ("Primary Completion Date", "primary_completion_date"),
    ("Completion Date", "completion_date"),
    ("First Posted", "study_first_posted_date"),
    ("Results First Posted", "results_first_posted_date"),
    ("Last Update Posted", "last_update_posted_date"),
)
STUDY_COLUMNS = frozenset(column for _, column in _STUDY)


class Rows:
    """The rows of all files but the studies, by the trial that they are about; `numbers` are the trials wanted."""

    def __init__(self, files: Files, numbers: Collection[str]) -> None:
        self._rows: dict[str, dict[str, list[Values]]] = defaultdict(lambda: defaultdict(list))
        groups: dict[str, str] = {}
        for name in sorted(SIBLINGS, key=lambda name: name == "design_group_interventions.txt"):
            for row in files.rows(name):
                number = row.values.get("nct_id") or groups.get(row.values.get("design_group_id", ""), "")
                if name == "design_groups.txt":
                    groups[row.values.get("id", "")] = number
                if number in numbers:
                    self._rows[number][name].append(row.values)

    def of(self, number: str) -> About:
        """Return the rows about one trial."""
        return self._rows.get(number, {})


def trial_values(study: Values, about: About, names: Collection[str]) -> dict[str, str]:
    """Return the values of a study by header; a header is there when its file or column is (`names`: the files)."""
    found = {header: study[column] for header, column in _STUDY if column in study}
    found["Study Title"] = found.get("Study Title") or found.get("Official Title", "")
    for file, header, make in _JOINED:
        if file in names and (header not in found or not found[header]):
            found[header] = make(about)
    return {header: value for header, value in found.items() if value is not None}


def _column(file: str, column: str) -> Callable[[About], str]:
    return lambda about: listed(row.get(column, "") for row in about.get(file, ()))


def _interventions(about: About) -> str:
    return listed(map(_intervention, about.get("interventions.txt", ())))


def _intervention(row: Values) -> str:
    return listed((row.get("intervention_type", ""), row.get("name", "")), ": ")


def _descriptions(about: About) -> str:
    rows = about.get("interventions.txt", ())
    return listed(f"{row.get('name', '')}: {row['description']}" for row in rows if row.get("description"))


def _arms(about: About) -> str:
    rows = about.get("design_groups.txt", ())
    return listed(
        arm_words(r.get("group_type", ""), r.get("title", ""), r.get("description", "")) for r in rows
    )


def _arm_interventions(about: About) -> str:
    things = {row.get("id", ""): _intervention(row) for row in about.get("interventions.txt", ())}
    given: dict[str, list[str]] = defaultdict(list)
    for row in about.get("design_group_interventions.txt", ()):
        given[row.get("design_group_id", "")].append(things.get(row.get("intervention_id", ""), ""))
    arms = (
        (row.get("title", ""), listed(given[row.get("id", "")], ", "))
        for row in about.get("design_groups.txt", ())
    )
    return listed(f"{title}: {names}" for title, names in arms if title and names)


def _outcomes(kind: str) -> Callable[[About], str]:
    def make(about: About) -> str:
        rows = [
            row for row in about.get("design_outcomes.txt", ()) if row.get("outcome_type", "").lower() == kind
        ]
        keys = ("measure", "description", "time_frame")
        return listed(listed((row.get(key, "") for key in keys), ", ") for row in rows)

    return make


def _sponsors(role: str, column: str) -> Callable[[About], str]:
    def make(about: About) -> str:
        rows = about.get("sponsors.txt", ())
        return listed(r.get(column, "") for r in rows if r.get("lead_or_collaborator", "").lower() == role)

    return make


def _design(about: About) -> str:
    return listed(
        design_words(
            row.get("allocation"),
            row.get("intervention_model"),
            row.get("masking"),
            row.get("primary_purpose"),
        )
        or ""
        for row in about.get("designs.txt", ())
    )


def _locations(about: About) -> str:
    keys = ("name", "city", "state", "zip", "country")
    rows = about.get("facilities.txt", ())
    return listed(listed((row.get(key, "") for key in keys), ", ") for row in rows)


def _countries(about: About) -> str:
    rows = about.get("countries.txt", ())
    return listed(row.get("name", "") for row in rows if row.get("removed", "").lower() not in ("t", "true"))


_JOINED: Sequence[tuple[str, str, Callable[[About], str]]] = (
    ("conditions.txt", "Conditions", _column("conditions.txt", "name")),
    ("keywords.txt", "Keywords", _column("keywords.txt", "name")),
    ("browse_conditions.txt", "Condition MeSH Terms", _column("browse_conditions.txt", "mesh_term")),
    ("brief_summaries.txt", "Brief Summary", _column("brief_summaries.txt", "description")),
    ("interventions.txt", "Interventions", _interventions),
    ("interventions.txt", "Intervention Descriptions", _descriptions),
    ("design_groups.txt", "Arms", _arms),
    ("design_group_interventions.txt", "Arm Interventions", _arm_interventions),
    ("design_outcomes.txt", "Primary Outcome Measures", _outcomes("primary")),
    ("design_outcomes.txt", "Secondary Outcome Measures", _outcomes("secondary")),
    ("design_outcomes.txt", "Other Outcome Measures", _outcomes("other")),
    ("sponsors.txt", "Sponsor", _sponsors("lead", "name")),
    ("sponsors.txt", "Collaborators", _sponsors("collaborator", "name")),
    ("sponsors.txt", "Funder Type", _sponsors("lead", "agency_class")),
    ("designs.txt", "Study Design", _design),
    ("id_information.txt", "Other IDs", _column("id_information.txt", "id_value")),
    ("facilities.txt", "Locations", _locations),
    ("countries.txt", "Locations", _countries),
)
