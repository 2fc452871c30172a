"""Text to mentions; ``make_extractor`` and ``choose_extractor`` are the doors, ``make_embedder`` is a side entrance."""

from pathlib import Path

from kg.errors import ExtractionError
from kg.protocols import Embedder, Extractor
from kg.resources import model_dir
from kg.settings import SHIPPED, load_settings


def make_extractor(model: Path, gazetteer: Path | None = None) -> Extractor:
    """The extractor over a trained pipeline in folder ``model``; raises ExtractionError if it is none.

    The names of a file ``gazetteer`` come on top of those that it knows anyway (see ``kg.extract.gazetteer``, also for
    what is raised).
    """
    from kg.extract.gazetteer import load_gazetteer, shipped_gazetteer
    from kg.extract.spacy_extractor import SpacyExtractor  # spaCy takes a second to import

    known = shipped_gazetteer()
    return SpacyExtractor(model, known.extended(load_gazetteer(gazetteer)) if gazetteer else known)


def make_embedder(model: Path) -> Embedder:
    """The embedder over the encoder of a trained pipeline, which is loaded when it is first asked."""
    from kg.extract.embedder import ContextEmbedder  # so does onnxruntime

    return ContextEmbedder(model)


def choose_extractor(name: str | None = None, model: Path | None = None, gazetteer: str | None = None) -> Extractor:
    """The extractor called ``name``, or that over ``model``; without either, the one of ``KG_EXTRACTOR``.

    A name is ``shipped`` or ``module:factory`` (see ``kg.extract.named``). ``gazetteer`` is a file, or ``shipped`` for
    none; without it that of ``KG_GAZETTEER`` counts, unless ``name`` is that of an extractor of others. Raises
    ExtractionError, and what ``make_extractor`` raises.
    """
    if name and model:
        raise ExtractionError("give an extractor or a model, not both: a model belongs to the shipped extractor")
    settings = load_settings()
    if gazetteer is None and name in (None, SHIPPED):
        gazetteer = settings.gazetteer
    if name is None and model is None:
        name = settings.extractor
    own = Path(gazetteer) if gazetteer not in (None, SHIPPED) else None
    if name is None or name == SHIPPED:
        return make_extractor(model or model_dir(), own)
    if own:
        raise ExtractionError(f"gazetteer {own} belongs to the shipped extractor; {name} does not read it")
    from kg.extract.named import load_extractor

    return load_extractor(name)
