"""The stores: Oxigraph on disk or in memory, and rdflib in memory as the readable reference."""
