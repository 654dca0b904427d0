"""The words of the field: closed namespaces, concepts, and the lexicon of surface forms from ontology/."""
