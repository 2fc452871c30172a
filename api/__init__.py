"""The service: pages, REST and SPARQL over the newest snapshot of a graph."""
