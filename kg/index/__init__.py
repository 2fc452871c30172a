"""Lists and text search beside the graph."""
