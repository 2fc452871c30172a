"""Surface form to normal form: two spellings of one name meet in the same key."""

import re
import unicodedata
from functools import lru_cache

from kg.link.heads import bare
from kg.link.latex import name_greek, plain_text
from kg.link.spelling import american, singular

_HYPHENS = re.compile(r"[\u2010-\u2015\u2212\u00b7/_()\[\]-]")
# Apart from its word the A of "A-optimal" would be an article.
_NO_ARTICLE = re.compile(r"^\s*a[\u2010-\u2015\u2212-](?=\w)", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['\u2019]s\b", re.IGNORECASE)
_QUOTES = re.compile(r"[\"'`\u2018\u2019\u201c\u201d]")
# Soft hyphens, joiners and direction marks, which show nothing; and accents (Fréchet is also written Frechet).
_UNSEEN = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u0300-\u036f]")
# An -s after two capitals makes a plural of an abbreviation, whatever it looks like in lower case: GPUs, ReLUs, POIs.
_ABBREVIATIONS = re.compile(r"(?<=[A-Z][A-Z])s\b")
# "CIFAR10" and "CIFAR-10" are one; "word2vec", "L2" and "3D" stay as they are.
_NAME_NUMBER = re.compile(r"\b([^\W\d_]{3,})(\d+[a-z]?)\b")
# One rule may open the way for another, as a lost head for a plural; few names need a third round.
_ROUNDS = 8
_VERSION = re.compile(r"\b([^\W\d_]{2,}) ?v(\d)")
_SHORT_NUMBER = re.compile(r"\b(?!(?:at|by|in|of|on|or|to|vs)\b)([a-z]{1,2}) (\d+)\b")
_DIMENSIONS = re.compile(r"\b(one|two|three|four|\d) (?:d|dimension(?:al)?)\b")
_NUMBERS = {"one": "1", "two": "2", "three": "3", "four": "4"}
_BRACKETED = re.compile(r"\s*\(\s*([A-Z][\w-]*[A-Z]s?)\s*\)$")


@lru_cache(maxsize=1 << 16)
def normal_form(text: str) -> str:
    """One key for all spellings of one name.

    Folded away are case, hyphens, slashes, brackets, quotes, accents, Unicode variants, LaTeX, Greek letters, British
    spelling, leading determiners, trailing heads that change nothing ("CIFAR-10 dataset"), an abbreviation in brackets
    behind its long form, and the plural of the head. The head is the last word, and the word before an "of": "mixtures
    of experts" is "mixture of expert". Empty for a text of nothing but spaces, quotes, hyphens, brackets, slashes and
    commands of LaTeX.
    A normal form is its own.
    """
    for _ in range(_ROUNDS):
        folded = _fold(text)
        if folded == text:
            break
        text = folded
    return text


def _fold(text: str) -> str:
    folded = _UNSEEN.sub("", unicodedata.normalize("NFKD", plain_text(text)))
    folded = _NO_ARTICLE.sub("a", _QUOTES.sub("", _POSSESSIVE.sub("", folded)))
    folded = _ABBREVIATIONS.sub("", bare(without_abbreviation(folded)))
    folded = _HYPHENS.sub(" ", folded).replace(" & ", " and ")
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", folded).casefold())
    words = american(name_greek(folded)).split()
    for i in reversed(range(len(words))):
        if i == len(words) - 1 or words[i + 1] == "of":
            words[i] = singular(words[i])
    return _with_numbers(" ".join(words))


def without_abbreviation(text: str) -> str:
    """Without the abbreviation in "graph neural networks (GNNs)", if its letters are initials of the words."""
    match = _BRACKETED.search(text)
    if match is None:
        return text
    initials = "".join(word[0] for word in re.split(r"[\s-]+", text[: match.start()]) if word).casefold()
    return text[: match.start()] if match[1].rstrip("s").casefold() in initials else text


def _with_numbers(text: str) -> str:
    """One writing of names with numbers: "cifar 10", "yolo v3", "l2", "3d"."""
    text = _DIMENSIONS.sub(lambda match: f"{_NUMBERS.get(match[1], match[1])}d", text)
    text = _NAME_NUMBER.sub(r"\1 \2", _VERSION.sub(r"\1 v\2", text))
    return _SHORT_NUMBER.sub(r"\1\2", text)
