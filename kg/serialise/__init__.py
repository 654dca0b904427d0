"""Blocks → RDF files, one module a format, written as they stream; → two libraries; what is too deep to read."""
