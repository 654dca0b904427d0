"""What the program works with: frozen records of a table, its rows and cells, and what was read of them.

Nothing here knows a file format, RDF or a command. Raw text always stands beside what was made of it.
"""

from kg.model.findings import Finding as Finding
from kg.model.findings import Reading as Reading
from kg.model.findings import Severity as Severity
from kg.model.findings import Span as Span
from kg.model.findings import State as State
from kg.model.outcome import Claim as Claim
from kg.model.outcome import Coded as Coded
from kg.model.outcome import Figure as Figure
from kg.model.outcome import Outcome as Outcome
from kg.model.record import Cell as Cell
from kg.model.record import Context as Context
from kg.model.record import LegendEntry as LegendEntry
from kg.model.record import Parsed as Parsed
from kg.model.record import Part as Part
from kg.model.record import Quarantined as Quarantined
from kg.model.record import Record as Record
from kg.model.table import Choice as Choice
from kg.model.table import Column as Column
from kg.model.table import Correction as Correction
from kg.model.table import Line as Line
from kg.model.table import Row as Row
from kg.model.table import Rows as Rows
from kg.model.table import Settings as Settings
from kg.model.table import Table as Table
from kg.model.table import Work as Work
from kg.model.values import Dose as Dose
from kg.model.values import Mentions as Mentions
from kg.model.values import Phase as Phase
from kg.model.values import Registration as Registration
from kg.model.values import Schedule as Schedule
from kg.triples import Block as Block
from kg.triples import Literal as Literal
from kg.triples import Node as Node
