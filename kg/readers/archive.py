"""The bytes of a zip archive → its members, after looking at what they would unpack to.

Nothing is written to disk and nothing is unpacked before the archive's own list has been found to be bearable.
"""

from __future__ import annotations

import zlib
from io import BytesIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from kg.errors import SourceError

ZIP = b"PK\x03\x04"
MOST_MEMBERS = 5_000
MOST_UNPACKED = 128 * 2**20  # bytes of all members that are read
_MOST_RATIO = 300  # what sheets of equal cells reach; bombs reach 1,000
_SMALL = 2**20  # bytes of a member whose ratio does not matter
_LONGEST_LIST = 4 * 2**20  # bytes of the archive's list, which is read before anything else
_END = b"PK\x05\x06"  # opens the record at the archive's end that says how long the list is
_HINT = "unpack it yourself, and name the table in it"


class Archive:
    """A zip archive of bounded size; `name` is the source's name, for messages."""

    def __init__(self, name: str, data: bytes) -> None:
        """Open the archive; raises SourceError when it is damaged, or too much to unpack."""
        self.name = name
        if _list_size(data) > _LONGEST_LIST:
            raise self._crowded("a list of members without end")
        try:
            self._zip = ZipFile(BytesIO(data))
        except (BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise self._damaged(error) from error
        members = self._zip.infolist()
        if len(members) > MOST_MEMBERS:
            raise self._crowded(f"{len(members)} members")
        self._members = {member.filename: member for member in members if not member.is_dir()}
        self._read = 0

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all members, in the archive's order."""
        return tuple(self._members)

    def read(self, name: str) -> bytes:
        """Return the bytes of a member; raises SourceError when it is absent, damaged, locked or too large."""
        member = self._members.get(name)
        if member is None:
            raise SourceError(f"the archive lacks its part {name!r}", where=self.name, hint="save it again")
        self._refuse_bomb(member)
        try:
            return self._zip.read(member)
        except RuntimeError as error:  # what zipfile raises for a member with a password
            hint = "save it without a password"
            raise SourceError(
                f"the part {name!r} cannot be opened: {error}", where=self.name, hint=hint
            ) from error
        except (BadZipFile, OSError, ValueError, EOFError, NotImplementedError, zlib.error) as error:
            raise self._damaged(error) from error

    def _refuse_bomb(self, member: ZipInfo) -> None:
        self._read += member.file_size
        packed = max(1, member.compress_size)
        if self._read > MOST_UNPACKED or member.file_size > max(_SMALL, _MOST_RATIO * packed):
            raise SourceError(
                f"the part {member.filename!r} would unpack {packed} bytes to {member.file_size}",
                where=self.name,
                allowed=f"{MOST_UNPACKED // 2**20} MB together, and no part {_MOST_RATIO} times its packed size",
                hint="save the table as CSV (UTF-8)",
            )

    def _crowded(self, what: str) -> SourceError:
        allowed = f"at most {MOST_MEMBERS} members"
        return SourceError(f"the archive has {what}", where=self.name, allowed=allowed, hint=_HINT)

    def _damaged(self, error: Exception) -> SourceError:
        return SourceError(
            f"the archive is damaged: {error}", where=self.name, hint="save or download it again"
        )


def is_zip(data: bytes) -> bool:
    """Whether `data` begins as a zip archive does."""
    return data.startswith(ZIP)


def member_names(data: bytes) -> tuple[str, ...]:
    """Return the names in an archive's list, nothing when the list cannot be read or is endless."""
    if _list_size(data) > _LONGEST_LIST:
        return ()
    try:
        return tuple(ZipFile(BytesIO(data)).namelist())
    except (BadZipFile, OSError, ValueError, NotImplementedError):
        return ()


def _list_size(data: bytes) -> int:
    """Return the bytes of an archive's list by its own account, 0 when it gives none."""
    at = data.rfind(_END, max(0, len(data) - 2**16 - 22))
    return int.from_bytes(data[at + 12 : at + 16], "little") if at >= 0 else 0
