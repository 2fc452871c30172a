"""Changes that clients make, in SPARQL Update and by whole graphs, each in a process that can be ended."""
