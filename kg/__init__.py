"""paperkg: a knowledge graph of research papers in which every edge carries its evidence."""

from kg.model import Entity, Extraction, Field, Label, Link, Mention, Network, Paper

__all__ = ["Entity", "Extraction", "Field", "Label", "Link", "Mention", "Network", "Paper"]
