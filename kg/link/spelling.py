"""English spelling: British to American, plural to singular."""

import re

# Verbs and their kin in -ise that are never written -ize: their stems end so, or are whole words.
_KEEPS_S = tuple(
    """
    no ra prec w exerc superv rev adv prom prem surpr conc expert franch enterpr disgu compr improv dev telev merchand
    po bru pra cru turquo parad treat circumc exc inc dem advert chast desp appra lia anch
    """.split()
)
_KEEPS_S_WHOLE = frozenset({"r", "ar", "upr"})
_ISE = re.compile(r"\b([^\W\d_]+)is(e|ed|es|er|ers|ing|able)\b")
_AMERICAN = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"isation", "ization"),
        (r"\b(analy|cataly|paraly|dialy)s(e|ed|er|ers|ing)\b", r"\1z\2"),
        (r"parametr(?=iz)", "parameter"),
        (r"\b(behavi|col|neighb|lab|fav|hon|hum|vap|tum|flav|rum|arm|harb|od|vig|rig|endeav|savi|parl)our", r"\1or"),
        (r"\b(\w*)(cent|fib|lit|theat|calib|spect|lust|met)re(s|d)?\b", r"\1\2er\3"),
        (r"\b(catal|dial|anal|monol|prol|epil)ogue", r"\1og"),
        (r"\b(def|off|pret|lic)ence", r"\1ense"),
        (r"(model|label|channel|signal|travel|cancel|tunnel|level|fuel|unravel|counsel)l(?=ing|ed|er|or)", r"\1"),
        (r"\b(an)ae(?=sth)|\b(h)ae(?=m)|\b(p)ae(?=di)", r"\1\2\3e"),
        (r"\b(arch)ae(?=o)|\b(orthop|encyclop)ae(?=d)|\b(leuk)ae(?=m)", r"\1\2\3e"),
        (r"\boe(?=d|str)|\b(f)oe(?=t)", r"\1e"),
        (r"\bgrey", "gray"),
        (r"\bprogramme(s?)\b", r"program\1"),
        (r"\bartefact", "artifact"),
        (r"\bsceptic", "skeptic"),
        (r"\bageing\b", "aging"),
        (r"\b(acknowled|jud)gement", r"\1gment"),
        (r"\bmanoeuvr", "maneuver"),
        (r"\baluminium\b", "aluminum"),
        (r"\bsulph", "sulf"),
        (r"\borientated\b", "oriented"),
        (r"\badaption(s?)\b", r"adaptation\1"),
        (r"\btowards\b", "toward"),
        (r"\baeroplane", "airplane"),
        # Not every net is a network: U-Net, elastic net, Petri nets.
        (
            r"\b(neural|adversarial|convolutional|recurrent|residual|bayesian|belief|siamese|memory|deep) nets?\b",
            r"\1 network",
        ),
    )
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
    "geodesics": "geodesic", "logics": "logic", "graphics": "graphics",
    "lyrics": "lyric", "gpus": "gpu", "cpus": "cpu", "tpus": "tpu", "relus": "relu", "grus": "gru", "imus": "imu",
    "menus": "menu", "rois": "roi", "pois": "poi", "apis": "api", "guis": "gui", "taxis": "taxi",
    "diagnoses": "diagnosis", "crises": "crisis", "ellipses": "ellipse", "spectra": "spectrum", "stimuli": "stimulus",
    "formulae": "formula", "loci": "locus", "children": "child", "leaves": "leaf", "halves": "half",
    "automata": "automaton", "codices": "codex", "radii": "radius", "nuclei": "nucleus",
    "foci": "focus", "equilibria": "equilibrium", "momenta": "momentum", "quanta": "quantum", "schemata": "schema",
    "lemmata": "lemma", "genera": "genus", "people": "person",
}  # fmt: skip
# Words in -s that are singular, or that are only used so.
_SINGULAR_S = frozenset(
    """
    bias atlas lens gas canvas chaos cosmos series species news alias gps gis mathematics adas always towards across
    nas pancreas texas bayes stokes burgers hopkins rogers jones rms fps pos nms dns aws ros vos mos sms
    """.split()
)


def american(text: str) -> str:
    """Lower-case text with British spellings made American."""
    text = _ISE.sub(_ize, text)
    for british, replacement in _AMERICAN:
        text = british.sub(replacement, text)
    return text


def _ize(match: re.Match[str]) -> str:
    stem, end = match.groups()
    keeps = stem in _KEEPS_S_WHOLE or stem.endswith(_KEEPS_S)
    return match[0] if keeps else f"{stem}iz{end}"


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
