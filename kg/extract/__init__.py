"""Text to mentions; ``make_extractor`` is the door."""

from pathlib import Path

from kg.protocols import Extractor


def make_extractor(model: Path) -> Extractor:
    """The extractor over a trained pipeline in folder ``model``; raises ExtractionError if it is none."""
    from kg.extract.spacy_extractor import SpacyExtractor  # spaCy takes a second to import

    return SpacyExtractor(model)
