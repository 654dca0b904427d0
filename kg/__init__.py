"""Turns the clinical-trial tables of review articles into a knowledge graph that traces to their cells."""
