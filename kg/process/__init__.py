"""Work done in processes that can be ended: ``pool`` keeps them, ``child`` is their side."""
