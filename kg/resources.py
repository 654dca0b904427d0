"""Finds the data that code works with: ontology/, queries/ and the bundled table.

In a checkout the folders lie beside the package; in an installed wheel they lie inside it.
"""

from __future__ import annotations

from pathlib import Path

from kg.errors import KgError

LAST_BUILD = Path("output/trials.nq")  # where `kg build` leaves the graph, from where it is called

_PACKAGE = Path(__file__).resolve().parent


def ontology_folder() -> Path:
    """Return the folder with the ontology, its vocabularies and its shapes."""
    return _folder(_PACKAGE / "ontology", _PACKAGE.parent / "ontology")


def queries_folder() -> Path:
    """Return the folder with the bundled queries."""
    return _folder(_PACKAGE / "queries_data", _PACKAGE.parent / "queries")


def data_folder() -> Path:
    """Return the folder with the bundled table."""
    return _folder(_PACKAGE / "data")


def vocabulary_files() -> tuple[Path, ...]:
    """Return the SKOS vocabularies, ordered by name so that no folder listing shows in a result."""
    return tuple(sorted((ontology_folder() / "vocabulary").glob("*.ttl")))


def shape_files() -> tuple[Path, ...]:
    """Return the SHACL shape files, ordered by name."""
    return tuple(sorted((ontology_folder() / "shapes").glob("*.ttl")))


def ontology_file() -> Path:
    """Return the OWL ontology."""
    return ontology_folder() / "trialkg.ttl"


def terminologies_file() -> Path:
    """Return the file of the terminologies that the vocabularies are matched with."""
    return ontology_folder() / "terminologies.ttl"


def query_files() -> tuple[Path, ...]:
    """Return the bundled queries, ordered by name."""
    return tuple(sorted(queries_folder().glob("*.rq")))


def _folder(*candidates: Path) -> Path:
    for candidate in candidates:
        if candidate.is_dir():
            return candidate
    raise KgError(
        f"the folder {candidates[-1].name}/ is missing from the installation",
        hint="install trialkg again, or run it from a complete checkout",
    )


def bundled_table() -> str:
    """Return the path of the table that ships with the program."""
    return str(data_folder() / "msc-trials-table2.csv")
