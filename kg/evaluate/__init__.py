"""Extractions against annotated papers: scores with intervals, mistakes, confusion and calibration."""

from kg.evaluate.evaluation import Evaluation, evaluate
from kg.evaluate.gold import AnnotatedPaper, Span, read_gold

__all__ = ["AnnotatedPaper", "Evaluation", "Span", "evaluate", "read_gold"]
