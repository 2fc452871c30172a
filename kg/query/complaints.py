"""What the engine's parser says of a text -> an error that a person can read, with its place."""

import re

from kg.errors import BadQueryError

_MESSAGE = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
_CHARACTER_CLASS = re.compile(r"(?:, )?\[(?:'[^,]*?'|_)\](?=,|$)", re.DOTALL)
# The parser puts its own sentences ("Prefix not found") among the tokens that it expects: only they have spaces.
_SENTENCE = re.compile(r"(?:^|, )([A-Z][^\",\[]* [^\",\[]*)")
_NO_HINT = ("", "<unreported>")


def complaint(message: str) -> BadQueryError:
    """The error for a message of the engine; one in a form that is not known is passed on as it stands."""
    match = _MESSAGE.fullmatch(message)
    if match is None:
        return BadQueryError(message)
    expected = _CHARACTER_CLASS.sub("", match[3]).removeprefix(", ").strip()
    sentence = _SENTENCE.search(expected)
    if sentence:
        reason = sentence[1]
    elif expected in _NO_HINT:
        reason = "this does not continue a legal SPARQL text"
    else:
        reason = f"expected {'one of ' if ', ' in expected else ''}{expected}"
    return BadQueryError.at(int(match[1]), int(match[2]), reason)
