"""Linked papers to quads, and the shapes that quads must have."""
