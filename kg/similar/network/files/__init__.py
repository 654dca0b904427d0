"""A network → files that graph programs open: GraphML, GEXF and Cytoscape JSON."""
