"""Surface form to normal form: two spellings of one name meet in the same key."""

import re
import unicodedata

_HYPHENS = re.compile(r"[\u2010-\u2015\u2212\u00b7_/-]")
_POSSESSIVE = re.compile(r"['\u2019]s\b", re.IGNORECASE)
_QUOTES = re.compile(r"[\"'`\u2018\u2019\u201c\u201d]")
# Soft hyphens, joiners and direction marks, which show nothing; and accents (Fréchet is also written Frechet).
_UNSEEN = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u0300-\u036f]")
# An -s after two capitals makes a plural of an abbreviation, whatever it looks like in lower case: GPUs, ReLUs, POIs.
_ABBREVIATIONS = re.compile(r"(?<=[A-Z][A-Z])s\b")
# "CIFAR10" and "CIFAR-10" are one; "word2vec", "L2" and "3D" stay as they are.
_NAME_NUMBER = re.compile(r"\b([^\W\d_]{3,})(\d+[a-z]?)\b")
_AMERICAN = (
    (re.compile(r"isation"), "ization"),
    (re.compile(r"\b(behavi|col|neighb)our"), r"\1or"),
    (re.compile(r"(model|label|channel|signal)l(?=ing|ed|er)"), r"\1"),
)

_IRREGULAR = {
    "matrices": "matrix", "vertices": "vertex", "indices": "index", "analyses": "analysis",
    "hypotheses": "hypothesis", "bases": "base", "basis": "base", "axes": "axis", "corpora": "corpus",
    "criteria": "criterion",
    "phenomena": "phenomenon", "simplices": "simplex", "appendices": "appendix", "theses": "thesis",
    "syntheses": "synthesis", "optima": "optimum", "minima": "minimum", "maxima": "maximum",
    "vocabularies": "vocabulary", "movies": "movie", "cookies": "cookie", "caches": "cache",
    "biases": "bias", "lenses": "lens", "gases": "gas", "viruses": "virus", "canvases": "canvas", "buses": "bus",
    "topics": "topic", "metrics": "metric", "heuristics": "heuristic", "characteristics": "characteristic",
    "statistics": "statistic", "critics": "critic", "mosaics": "mosaic", "quadrics": "quadric", "fabrics": "fabric",
    "geodesics": "geodesic", "logics": "logic",
    "lyrics": "lyric", "gpus": "gpu", "cpus": "cpu", "tpus": "tpu", "relus": "relu", "grus": "gru", "imus": "imu",
    "menus": "menu", "rois": "roi", "pois": "poi", "apis": "api", "guis": "gui", "taxis": "taxi",
    "diagnoses": "diagnosis", "crises": "crisis", "ellipses": "ellipse", "spectra": "spectrum", "stimuli": "stimulus",
    "formulae": "formula", "loci": "locus", "children": "child", "leaves": "leaf", "halves": "half",
}  # fmt: skip
# Words in -s that are singular, or that are only used so.
_SINGULAR_S = frozenset(
    """
    bias atlas lens gas canvas chaos cosmos series species news alias gps gis mathematics adas always towards across
    nas pancreas texas bayes stokes burgers hopkins rogers jones rms fps pos nms dns aws ros vos mos sms
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
    """Case, hyphens, slashes, quotes, accents, Unicode variants, British spelling and plural of the head folded away.

    The head is the last word, and the word before an "of": "mixtures of experts" is "mixture of expert".
    Empty for a text of nothing but spaces, quotes, hyphens and slashes.
    """
    folded = _UNSEEN.sub("", unicodedata.normalize("NFKD", text))
    folded = _ABBREVIATIONS.sub("", _POSSESSIVE.sub("", folded))
    folded = _HYPHENS.sub(" ", _QUOTES.sub("", folded))
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", folded).casefold())
    for british, american in _AMERICAN:
        folded = british.sub(american, folded)
    words = folded.split()
    for i in reversed(range(len(words))):
        if i == len(words) - 1 or words[i + 1] == "of":
            words[i] = singular(words[i])
    return _NAME_NUMBER.sub(r"\1 \2", " ".join(words))
