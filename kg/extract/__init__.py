"""Text to mentions; ``make_extractor`` and ``choose_extractor`` are the doors."""

from pathlib import Path

from kg.errors import ExtractionError
from kg.protocols import Extractor
from kg.resources import model_dir
from kg.settings import SHIPPED_EXTRACTOR, load_settings


def make_extractor(model: Path) -> Extractor:
    """The extractor over a trained pipeline in folder ``model``; raises ExtractionError if it is none."""
    from kg.extract.spacy_extractor import SpacyExtractor  # spaCy takes a second to import

    return SpacyExtractor(model)


def choose_extractor(name: str | None = None, model: Path | None = None) -> Extractor:
    """The extractor called ``name``, or that over ``model``; without either, the one of ``KG_EXTRACTOR``.

    A name is ``shipped`` or ``module:factory`` (see ``kg.extract.named``). Raises ExtractionError.
    """
    if name and model:
        raise ExtractionError("give an extractor or a model, not both: a model belongs to the shipped extractor")
    if name is None and model is None:
        name = load_settings().extractor
    if name is None or name == SHIPPED_EXTRACTOR:
        return make_extractor(model or model_dir())
    from kg.extract.named import load_extractor

    return load_extractor(name)
