"""Text of an outcome cell → its codes and claims, each with the words it rests on.

The street: `terms` finds words that the vocabularies know, `figures` joins numbers, `clauses` and `phrases` make of
them chunks, the parts of statements, and `compounds` mends those where a word of a direction is part of a name.
`directions` says of which names (`attach`) each direction is said, `statements` reads what is left: numbers (`counts`)
and reports. What is found are `drafts` of claims; `kinds` tells what sort of measure each is, `safety` and `efficacy`
draw the codes, `shares` gives figures to claims, `read` puts it together. Which words there are stands in the
vocabularies `cue`, `name-word`, `measure` and `adverse-event`; only how they join stands here.
"""

from kg.cells.outcome.read import OutcomeReader as OutcomeReader
from kg.cells.outcome.read import outcome_reader as outcome_reader
