"""Evaluates SPARQL: the named queries of paperkg, and a client's own ones out of process."""
