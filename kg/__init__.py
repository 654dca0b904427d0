"""Turns the clinical-trial tables of review articles into a knowledge graph that traces to their cells."""

__version__ = "0.1.0"
