"""What a text would give if it were ingested, worked out aside: ``pool`` asks, ``worker`` reads. Writes nothing."""
