"""Blocks of a graph → what the graph holds, said in the graph itself: VoID, DCAT, SPARQL service description."""
