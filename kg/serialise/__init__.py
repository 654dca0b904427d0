"""Blocks → RDF files, one module a format, written as they stream; and → the graphs of two libraries."""
