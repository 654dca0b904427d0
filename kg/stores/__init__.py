"""Stores: graph files → answers to SPARQL queries, behind one port with an implementation per engine."""
