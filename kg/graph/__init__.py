"""Parsed tables → blocks of triples: reports, trials, discrepancies, provenance and the vocabulary."""
