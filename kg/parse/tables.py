"""Tables → records: understands columns, cuts rows that lost their borders, reads every cell, joins what belongs together.

A row that cannot be read is quarantined with its text and the reason; it is never dropped and never guessed.
"""

from __future__ import annotations

from kg.columns.choices import check_choices
from kg.errors import SourceError
from kg.model import Parsed, Quarantined, Record, Settings
from kg.parse.plan import Plan, plan_table
from kg.readers.base import Source
from kg.readers.choose import read_tables
from kg.readers.sidecar import COMMAND_LINE, with_sidecar
from kg.vocabulary.lexicon import Lexicon

_OF_ONE = ("label", "caption", "legend")  # what a user can say of one table only


def parse_source(
    source: Source, lexicon: Lexicon, settings: Settings | None = None, *, alone: bool = True
) -> tuple[Parsed, ...]:
    """Return every table of a source, parsed; raises SourceError when there is none.

    `settings` are the user's words on the source; a choice for a column that no table has is a SourceError too, but
    for those of the command line when the source is not `alone`.
    """
    return tuple(map(collect, plan_source(source, lexicon, settings, alone=alone)))


def plan_source(
    source: Source, lexicon: Lexicon, settings: Settings | None = None, *, alone: bool = True
) -> tuple[Plan, ...]:
    """Return how every table of a source is read, for reading their rows one by one; errors as `parse_source`."""
    own = with_sidecar(source, lexicon, settings)
    tables = read_tables(source, lexicon)
    if len(tables) > 1 and (single := next((name for name in _OF_ONE if name in own.facts), "")):
        raise SourceError(
            f"the source has {len(tables)} tables, and {single} speaks of one",
            where=own.origin,
            raw=own.facts[single],
            allowed="title, doi, disease and license, which hold for all of them",
        )
    plans = tuple(plan_table(table, lexicon, own) for table in tables)
    read = [(plan.table, plan.columns) for plan in plans]
    check_choices([one for one in own.columns if alone or one.origin != COMMAND_LINE], read)
    return plans


def collect(plan: Plan) -> Parsed:
    """Return a table with all its rows, read as the plan says."""
    read = list(plan.read())
    return Parsed(
        table=plan.table,
        columns=plan.columns,
        records=tuple(item for item in read if isinstance(item, Record)),
        quarantined=tuple(item for item in read if isinstance(item, Quarantined)),
        legend=plan.legend,
        findings=plan.findings,
        settings=plan.settings,
    )
