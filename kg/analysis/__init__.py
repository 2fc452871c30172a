"""What the graph implies: which papers are related, and why."""
