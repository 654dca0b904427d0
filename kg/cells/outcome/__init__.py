"""Text of an outcome cell → its codes and claims, each with the words it rests on.

The street: `terms` finds words that the vocabularies know, `figures` numbers, `chunks` joins them to names of measures and
other parts of a clause, `clauses` finds where one statement ends, `claims` joins names and directions, `safety` and
`efficacy` draw the codes, `read` puts it together. Which words there are stands in the vocabularies
`cue`, `measure` and `adverse-event`; only how they join stands here.
"""

from kg.cells.outcome.read import OutcomeReader as OutcomeReader
from kg.cells.outcome.read import outcome_reader as outcome_reader
