"""Graph and SHACL shapes → report: every result names its shape and, where it can, file, row and column."""
