"""Surface form to normal form: two spellings of one name meet in the same key."""

import re
import unicodedata

_HYPHENS = re.compile(r"[\u2010-\u2015\u2212_/]|(?<=\w)-(?=\w)|-(?=\s)|(?<=\s)-")
_POSSESSIVE = re.compile(r"['\u2019]s\b")
_QUOTES = re.compile(r"[\"'`\u2018\u2019\u201c\u201d]")
# "CIFAR10" and "CIFAR-10" are one; "word2vec", "L2" and "3D" stay as they are.
_NAME_NUMBER = re.compile(r"\b([^\W\d_]{3,})(\d+[a-z]?)\b")

_IRREGULAR = {
    "matrices": "matrix", "vertices": "vertex", "indices": "index", "analyses": "analysis",
    "hypotheses": "hypothesis", "bases": "basis", "axes": "axis", "corpora": "corpus", "criteria": "criterion",
    "phenomena": "phenomenon", "simplices": "simplex", "appendices": "appendix", "theses": "thesis",
    "syntheses": "synthesis", "optima": "optimum", "minima": "minimum", "maxima": "maximum",
    "vocabularies": "vocabulary", "movies": "movie", "cookies": "cookie", "caches": "cache",
    "biases": "bias", "lenses": "lens", "gases": "gas", "viruses": "virus", "canvases": "canvas", "buses": "bus",
}  # fmt: skip
# Words in -s that are singular, or that are only used so.
_SINGULAR_S = frozenset(
    """
    bias atlas lens gas canvas chaos cosmos series species news alias gps gis mathematics adas always towards across
    nas pancreas texas bayes stokes burgers hopkins rogers jones
    """.split()
)


def singular(word: str) -> str:
    """The singular of a lower-case English noun; words that look singular are left alone."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) < 3 or not word.endswith("s") or word in _SINGULAR_S:
        return word
    if word.endswith(("ss", "us", "is", "ics", "'s")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zzes")):
        return word[:-2]
    return word[:-1]


def normal_form(text: str) -> str:
    """Case, hyphens, slashes, quotes, Unicode variants and plural of the head folded away.

    The head is the last word, and the word before an "of": "mixtures of experts" is "mixture of expert".
    Never empty for a text that holds a character other than space and quotes.
    """
    folded = unicodedata.normalize("NFKC", text)
    folded = _POSSESSIVE.sub("", folded)
    folded = _QUOTES.sub("", _HYPHENS.sub(" ", folded)).casefold()
    folded = _NAME_NUMBER.sub(r"\1 \2", folded)
    words = folded.split()
    for i, word in enumerate(words):
        if i == len(words) - 1 or words[i + 1] == "of":
            words[i] = singular(word)
    return " ".join(words)
