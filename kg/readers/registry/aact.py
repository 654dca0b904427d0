"""AACT's pipe files (a folder, an archive, or studies.txt with its siblings) → one table of the studies.

The files hold one table of the database each; they are joined by the trial's number. Their cells are quoted as in
CSV, and their values are those of the registry in one of two styles ("Phase 1/Phase 2", "PHASE1/PHASE2").
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256

from kg.errors import SourceError
from kg.model import Finding, Severity, Table
from kg.readers.archive import is_zip, member_names
from kg.readers.document import Document
from kg.readers.registry.aact_files import SIBLINGS, STUDIES, FileRow, Files, files_of, table_named
from kg.readers.registry.aact_rows import STUDY_COLUMNS, Rows, trial_values
from kg.readers.registry.columns import (
    CLINICAL_TRIALS,
    Export,
    Trial,
    as_table,
    left_out_of,
    without_blank_columns,
)
from kg.vocabulary.lexicon import Lexicon

_LAYOUT = "AACT pipe files"


class AactReader:
    """The studies of an AACT export, joined with what the other files say of them."""

    name = _LAYOUT

    def fits(self, document: Document, lexicon: Lexicon) -> bool:  # noqa: ARG002
        """Return whether the source is a table of AACT, or an archive with its studies in it."""
        if is_zip(document.source.start(4)):
            names = member_names(document.data)
            return any(name.rpartition("/")[2].lower() == STUDIES for name in names)
        return bool(table_named(document.head.partition("\n")[0]))

    def read(self, document: Document, lexicon: Lexicon) -> Sequence[Table]:  # noqa: ARG002
        """Return the one table; raises SourceError when the studies are absent, or a file is damaged."""
        files = files_of(document)
        studies = list(files.rows(STUDIES))
        rows = Rows(files, {study.values.get("nct_id", "") for study in studies})
        trials = without_blank_columns([_trial(study, rows, files) for study in studies])
        if not trials:
            raise SourceError("the AACT file of studies has no row", where=files.where(STUDIES))
        digest = sha256(b"".join(files.checksums())).hexdigest()
        export = Export(document.name, digest, "AACT", _LAYOUT, 1, tuple(_remarks(files, studies)))
        return (as_table(export, trials, CLINICAL_TRIALS),)


def _trial(study: FileRow, rows: Rows, files: Files) -> Trial:
    about = rows.of(study.values.get("nct_id", ""))
    return Trial(study.first_line, study.last_line, trial_values(study.values, about, files.names))


def _remarks(files: Files, studies: Sequence[FileRow]) -> Iterator[Finding]:
    joined = [name for name in SIBLINGS if name in files.names]
    absent = [name for name in SIBLINGS if name not in files.names]
    if joined:
        message = f"the studies were joined with {', '.join(joined)}"
        yield Finding(Severity.INFO, "files-joined", "table", message)
    used = {column for study in studies for column, value in study.values.items() if value}
    yield from left_out_of("the studies", sorted(used - STUDY_COLUMNS))
    yield from left_out_of("the export", files.others)
    if "conditions.txt" in absent or "interventions.txt" in absent:
        message = (
            f"beside {STUDIES} there is no {', '.join(absent)}; what they say of the studies is not known"
        )
        hint = "name the folder, or the archive, that holds all files of the export"
        yield Finding(Severity.WARNING, "files-absent", "table", message, hint=hint)
