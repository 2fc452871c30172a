"""Whether a short form abbreviates a long one, judged by letters alone.

In the manner of Schwartz and Hearst (PSB 2003), but stricter, for here no bracket says that the two belong
together: letters stand at the beginnings of words or of parts of compounds, and every word that carries
meaning gives one. "GAN" is thus no "graph neural network", though the letters occur in order.
"""

import re
from functools import cache, lru_cache

from kg.link.latex import plain_text

_WORD = re.compile(r"[A-Za-z]+|\d+")
_FUNCTION = frozenset(
    "a an and as at by for from in is of on or the to via with without over under through into".split()
)
# Where the second part of a compound may begin, so that VAE is a variational autoencoder.
_FIRST_PARTS = (
    "auto hyper multi meta micro macro super semi self over under inter intra back fore feed neuro bio photo geo "
    "spatio electro encephalo cardio image time word tree key data pre post sub trans tele hetero homo eigen wave non "
    "tri"
).split()
_LAST_PARTS = "bank board base former propagation encoder decoder flow set shot step wise net scale gram graphy".split()
_HEADS = frozenset("network model framework algorithm method approach system module task".split())
_SIGNS = {"2": "to", "4": "for"}


def looks_short(text: str) -> bool:
    """One word of two capitals or more, or of a letter and a digit, as abbreviations are: GAN, MgNO, M-FAC, T5."""
    text = plain_text(text).strip()
    capitals = sum(c.isupper() for c in text)
    enough = capitals >= 2 or (capitals == 1 and sum(c.isdigit() for c in text) == 1 and len(text) <= 3)
    enough = enough or re.fullmatch(r"[a-z]+[24][a-z]+", text) is not None
    return enough and len(text) <= 14 and re.fullmatch(r"[A-Za-z0-9][\w.+/-]*", text) is not None


def abbreviates(short: str, long: str) -> bool:
    """Whether ``short`` is a distinctive abbreviation of ``long``, a name of two words or of one compound."""
    letters = _letters(short)
    plain = plain_text(long)
    words = _WORD.findall(_spaced(plain))
    if not (2 <= len(letters) <= 12 and looks_short(short)) or len(words) > 12 or not words:
        return False
    numbers = re.findall(r"\d+", plain)
    if looks_short(long) or (numbers and numbers != re.findall(r"\d+", plain_text(short))):
        return False
    if short.casefold() in re.split(r"[\s-]+", long.casefold()) or len(long) <= len(short):
        return False
    return _matches(letters, plain, tuple(word.lower() for word in words))


def _matches(letters: str, long: str, words: tuple[str, ...]) -> bool:
    content = [word for word in words if word not in _FUNCTION]
    if len(words) == 1 or len(letters) == 2:
        # Where there is little to go by, the letters are the beginnings of all words, or of all their parts.
        beginnings = {
            "".join(word[0] for word in content),
            "".join(word[start] for word in content for start in _parts(word)),
        }
        return letters.lower() in beginnings or _counts(letters, words)
    capitals = "".join(c for c in long if c.isupper())
    if not long.isupper() and capitals.lower() == letters.lower():
        return True
    return _fits(letters, words, _optional(long, words), spare=len(letters) >= 4)


def _counts(letters: str, words: tuple[str, ...]) -> bool:
    """Whether a digit counts equal beginnings, as in T5, "text-to-text transfer transformer"."""
    return letters[1].isdecimal() and [word[0] for word in words] == [letters[0].lower()] * int(letters[1])


def _optional(long: str, words: tuple[str, ...]) -> frozenset[int]:
    """Which words need not give a letter: function words, later parts of a hyphenated word, a generic head."""
    hyphenated = {
        len(_WORD.findall(_spaced(long[: match.end()]))) for match in re.finditer(r"[A-Za-z]-(?=[A-Za-z])", long)
    }
    head = {len(words) - 1} if words[-1].rstrip("s") in _HEADS else set()
    return frozenset(hyphenated | head | {i for i, word in enumerate(words) if word in _FUNCTION})


def _letters(short: str) -> str:
    short = plain_text(short).strip()
    if len(short) > 2 and short.endswith("s") and (short[-2].isupper() or short[-2].isdigit()):
        short = short[:-1]
    return "".join(c for c in short if c.isalnum())


def _spaced(long: str) -> str:
    """The long form with its camel case opened: "PageRank" has two words."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", long)


@lru_cache(maxsize=4096)
def _parts(word: str) -> tuple[int, ...]:
    """Offsets in a word where a part of it begins, 0 first."""
    found = {0}
    for part in _FIRST_PARTS:
        if word.startswith(part) and len(word) - len(part) >= 3:
            found.add(len(part))
    for part in _LAST_PARTS:
        if word.endswith(part) and len(word) - len(part) >= 3:
            found.add(len(word) - len(part))
    return tuple(sorted(found))


def _fits(letters: str, words: tuple[str, ...], optional: frozenset[int], *, spare: bool) -> bool:
    """Whether the letters can be dealt out to the words in order, one at least to each that is not optional.

    ``spare`` allows one capital inside a word, as the L of BLEU in "bilingual".
    """

    @cache
    def deal(i: int, w: int, spare: bool) -> bool:
        if w == len(words):
            return i == len(letters)
        word = words[w]
        if w in optional and deal(i, w + 1, spare):
            return True
        if i < len(letters) and _SIGNS.get(letters[i]) == word:
            return deal(i + 1, w + 1, spare)
        if letters[i : i + 1] in ("x", "X") and word.startswith(("ex", "cross", "trans")) and deal(i + 1, w + 1, spare):
            return True
        return any(deal(i + taken, w + 1, spare and not used) for taken, used in _taken(letters[i:], word, spare))

    return deal(0, 0, spare)


def _taken(letters: str, word: str, spare: bool) -> list[tuple[int, bool]]:
    """How many of the next letters a word can give, and whether that needed the spare capital."""
    if not letters or letters[0].lower() != word[0]:
        return []
    found, used, position = [(1, False)], False, 0
    for n, letter in enumerate(letters[1:], 2):
        at = word.find(letter.lower(), position + 1)
        if at < 0:
            break
        run = word[position + 1 : position + 2] == letter.lower()
        part = next((start for start in _parts(word) if start > position and word[start] == letter.lower()), None)
        if letter.islower() or run or part is not None:
            position = part if part is not None and not letter.islower() and not run else at
        elif spare and not used:
            used, position = True, at
        else:
            break
        found.append((n, used))
    return found[::-1]
