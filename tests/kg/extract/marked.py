"""Mentions in square brackets, for tests."""

from collections.abc import Sequence

from kg.model import Field, Label, Mention

LETTERS = {"M": Label.METHOD, "D": Label.DATASET, "T": Label.TASK, "Q": Label.METRIC, "C": Label.CONCEPT}


def marked(text: str, field: Field = Field.ABSTRACT, begin: int = 0) -> list[Mention]:
    """One sentence that begins at ``begin``; a mention is written [M CNN], its label first."""
    places, plain = [], ""
    for number, part in enumerate(text.replace("]", "[").split("[")):
        if number % 2:
            letter, name = part.split(" ", 1)
            places.append((len(plain), name, LETTERS[letter]))
            plain += name
        else:
            plain += part
    return [
        Mention(field, begin + at, begin + at + len(name), name, label, 0.9, plain, begin) for at, name, label in places
    ]


def texts(mentions: Sequence[Mention], numbers: Sequence[int]) -> list[str]:
    return [mentions[number].text for number in numbers]
