"""Where AACT's files lie (in an archive, or beside each other) → their rows by the names of their columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from kg.errors import SourceError
from kg.readers.archive import MOST_UNPACKED, Archive, is_zip
from kg.readers.base import EXPORT, Source
from kg.readers.decode import decode
from kg.readers.document import Document
from kg.readers.separated import split_rows

STUDIES = EXPORT
SIBLINGS = (
    "brief_summaries.txt", "browse_conditions.txt", "conditions.txt", "countries.txt", "design_group_interventions.txt",
    "design_groups.txt", "design_outcomes.txt", "designs.txt", "facilities.txt", "id_information.txt",
    "interventions.txt", "keywords.txt", "sponsors.txt",
)  # fmt: skip
# columns by which a header is known to be that of a table of AACT, the most telling first
_SIGNS = (
    (STUDIES, {"nct_id", "overall_status"}),
    (STUDIES, {"nct_id", "brief_title"}),
    (STUDIES, {"nct_id", "official_title"}),
    (STUDIES, {"nct_id", "study_type", "phase"}),
    ("interventions.txt", {"nct_id", "intervention_type"}),
    ("design_groups.txt", {"nct_id", "group_type"}),
    ("design_group_interventions.txt", {"design_group_id", "intervention_id"}),
    ("design_outcomes.txt", {"nct_id", "outcome_type", "measure"}),
    ("sponsors.txt", {"nct_id", "lead_or_collaborator"}),
    ("browse_conditions.txt", {"nct_id", "mesh_term"}),
    ("id_information.txt", {"nct_id", "id_value"}),
    ("conditions.txt", {"nct_id", "name", "downcase_name"}),
    ("designs.txt", {"nct_id", "allocation", "masking"}),
    ("facilities.txt", {"nct_id", "city", "country"}),
    ("countries.txt", {"nct_id", "name", "removed"}),
    ("brief_summaries.txt", {"id", "nct_id", "description"}),
)


class FileRow(NamedTuple):
    """One row of a file: its lines, and its values by column; absent values are ""."""

    first_line: int
    last_line: int
    values: Mapping[str, str]


class Files:
    """The files of one export; `data` holds the bytes of those that are there, by name, `others` are not read."""

    def __init__(self, name: str, data: Mapping[str, bytes], others: Sequence[str] = ()) -> None:
        self.others = tuple(sorted(others))
        self._name = name
        self._data = data

    @property
    def names(self) -> frozenset[str]:
        """The names of the files that are there."""
        return frozenset(self._data)

    def where(self, name: str) -> str:
        """Return the place of a file, for messages."""
        return self._name if self._name == name else f"{self._name}/{name}"

    def checksums(self) -> Iterator[bytes]:
        """Yield the name and the checksum of each file, in the order of the names."""
        for name in sorted(self._data):
            yield name.encode() + sha256(self._data[name]).digest()

    def rows(self, name: str) -> Iterator[FileRow]:
        """Yield the rows of a file, nothing when it is not there; raises SourceError when it is no pipe file."""
        if name not in self._data:
            return
        text = decode(Source(self.where(name), self._data[name])).text
        rows = split_rows(text, "|")
        header = next(rows).cells
        for row in rows:
            if not any(row.cells):
                continue
            if len(row.cells) != len(header):
                raise SourceError(
                    f"the row has {len(row.cells)} cells, the head has {len(header)}",
                    where=f"{self.where(name)}, line {row.first_line}",
                    raw=row.text,
                    hint="a cell with a pipe or a line break in it stands in double quotes",
                )
            yield FileRow(row.first_line, row.last_line, dict(zip(header, row.cells, strict=True)))


def table_named(head: str) -> str:
    """Return the name of the file with this head line, "" when AACT has none such."""
    cells = {cell.strip().strip('"') for cell in head.strip().split("|")}
    return next((name for name, columns in _SIGNS if columns <= cells), "")


def files_of(document: Document) -> Files:
    """Return the export that a document stands for; raises SourceError when its studies are not there."""
    if is_zip(document.source.start(4)):
        return _unpacked(Archive(document.name, document.data))
    name = table_named(document.head.partition("\n")[0])
    folder = document.source.path.parent if document.source.path else None
    if name != STUDIES and (folder is None or not (folder / STUDIES).is_file()):
        raise SourceError(
            f"this is AACT's table {name.removesuffix('.txt')!r} alone, which does not describe trials",
            where=document.name,
            allowed=f"{STUDIES} with the other files beside it, their folder, or the archive of the export",
            hint=f"put {STUDIES} of the same export beside it, and name the folder",
        )
    data = _beside(folder) if folder else {}
    if name == STUDIES:
        data[STUDIES] = document.data
    if folder is None:
        return Files(document.name, data)
    others = [path.name for path in folder.glob("*.txt") if path.name not in (*SIBLINGS, STUDIES)]
    return Files(folder.resolve().name, data, others)


def _beside(folder: Path) -> dict[str, bytes]:
    found = {}
    left = MOST_UNPACKED
    for name in (*SIBLINGS, STUDIES):
        path = folder / name
        try:
            size = path.stat().st_size if path.is_file() else None
            if size is not None:
                left -= size
                found[name] = path.read_bytes() if left >= 0 else b""
        except OSError as error:
            raise SourceError(f"the file cannot be read: {error.strerror}", where=str(path)) from error
    if left < 0:
        raise SourceError(
            f"the files of the export hold {(MOST_UNPACKED - left) // 2**20} MB",
            where=str(folder),
            allowed=f"{MOST_UNPACKED // 2**20} MB",
            hint="keep the rows of the trials that you need (column nct_id) in each file",
        )
    return found


def _unpacked(archive: Archive) -> Files:
    """Return the files that are needed; when several folders of the archive have them, those beside the first studies."""
    studies = next(name for name in archive.names if name.rpartition("/")[2].lower() == STUDIES)
    folder = studies[: -len(STUDIES)]
    wanted = {f"{folder}{name}": name for name in SIBLINGS} | {studies: STUDIES}
    others = [name for name in archive.names if name.startswith(folder) and name not in wanted]
    data = {wanted[name]: archive.read(name) for name in archive.names if name in wanted}
    return Files(archive.name, data, [name[len(folder) :] for name in others])
