"""Papers that clients hand in: kept on disk at once, and put into the graph by a process of its own."""
