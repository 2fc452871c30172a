"""What changes in the graph: by new papers, and by what all papers together say of names."""
