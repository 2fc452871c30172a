"""Which entities belong together, and where they lie: the map of a whole corpus, made once a snapshot."""
