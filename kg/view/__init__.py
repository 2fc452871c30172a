"""The drawing: entities and the papers they share → Network → HTML, GraphML, GEXF, JSON."""
