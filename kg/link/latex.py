r"""LaTeX and Greek letters in a name to plain text: ``$\beta$-VAE``, ``\ell_1``, ``ε-greedy``."""

import re

_GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon phi chi "
    "psi omega"
).split()
_LETTERS = dict(zip("αβγδεζηθικλμνξοπρστυφχψω", _GREEK, strict=True))
# A letter of its own; a word in Greek script stays a word.
_LETTER = re.compile(r"(?<![\u0370-\u03ff])[\u03b1-\u03c9](?![\u0370-\u03ff])")
_MACRO = re.compile(r"\\(?:var)?(" + "|".join(sorted(_GREEK, key=len, reverse=True)) + r")(?![a-z])", re.IGNORECASE)
_ACCENT = re.compile(r"\\(?:['\"`^~=.]\s*\{?|[uvHtcdbkr]\s*\{)\\?([A-Za-z])\}?")
_FORMAT = re.compile(r"\\(?:text\w*|emph|math\w*|operatorname|boldsymbol|bm|mbox|rm|bf|it|sc|tt)\s*(?=\{)")
_FRACTION = re.compile(r"\\frac\s*\{(\w+)\}\s*\{(\w+)\}")
_SPACES = re.compile(r"\\[ ,;:!]|~")
# L_2, \ell_{1}, E^2: an index or exponent of one letter belongs to it; AP_box and word^2 keep their parts.
_INDEX = re.compile(r"(?<![^\W_])([^\W\d_])[_^]\s*(?:\{([\w,*+]+)\}|(\w|\*))")
_EXPONENT = re.compile(r"(?<=[^\W\d_])\^\s*(?:\{([\w*+-]+)\}|(\w|\*))")


def plain_text(text: str) -> str:
    """The text without LaTeX: formatting dropped, its content kept, Greek macros by their names."""
    if not any(sign in text for sign in "\\$_^{*"):
        return text
    text = _FRACTION.sub(r"\1/\2", _ACCENT.sub(r"\1", _SPACES.sub(" ", text)))
    text = _MACRO.sub(lambda match: f" {match[1].lower()} ", text)
    text = _FORMAT.sub("", text).replace("\\ell", "l").replace("**", "")
    text = _INDEX.sub(lambda match: match[1] + (match[2] or match[3]), text)
    text = _EXPONENT.sub(lambda match: match[1] or match[2], text)
    return re.sub(r"[\\${}]", "", text)


def name_greek(text: str) -> str:
    """Lower-case Greek letters that stand alone, by their English names."""
    return _LETTER.sub(lambda match: f" {_LETTERS[match[0]]} ", text)
