r"""Plain text → LaTeX that means the same, for BibTeX. Titles hold LaTeX of their own, and that is kept.

Letters stay as they are, in UTF-8. A formula stands between dollar signs that touch it: ``$\ell_1$``, not "$5 to $10".
"""

import re

_PIECES = re.compile(
    r"""(?P<formula> \$(?=[^\s$])(?:[^$\\]|\\.)*(?<!\s)\$(?!\d))
      | (?P<command> \\(?:[A-Za-z]+|[^\sA-Za-z{}\\]))
      | (?P<brace>   \\?[{}])
      | (?P<word>    \w+(?:-\w+)*)
      | (?P<sign>    [^\w$\\{}]+ | .)""",
    re.VERBOSE,
)
_ESCAPES = str.maketrans(
    {
        **{sign: f"\\{sign}" for sign in "&%$#_"},
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
    }
)
# In or after the first of its parts, or in one of one letter: BERT, ImageNet-1k, 3D, U-Net; not Graph-Based.
_OWN_CAPITALS = re.compile(r"[^\W_]*[^\W_-][A-Z]|[^-]*-(?:\w+-)*\w+[A-Z]|[A-Z]-")


def to_tex(text: str, *, title: bool = False) -> str:
    """One line of LaTeX with balanced braces, as BibTeX counts them.

    In a ``title``, words with capitals inside are put in braces: styles write all others small.
    """
    pieces = [(match.lastgroup, match[0]) for match in _PIECES.finditer(" ".join(text.split()))]
    braced = _balanced("".join(piece for kind, piece in pieces if kind == "brace" and len(piece) == 1))
    depth, written = 0, []
    for kind, piece in pieces:
        depth += (piece == "{") - (piece == "}") if braced else 0
        kept = kind == "command" or (kind == "formula" and _balanced(piece)) or (piece in ("{", "}") and braced)
        plain = piece if kept else piece.removeprefix("\\" if kind == "brace" else "").translate(_ESCAPES)
        capitals = title and kind == "word" and not depth and _OWN_CAPITALS.match(piece)
        written.append(f"{{{plain}}}" if capitals else plain)
    return "".join(written)


def _balanced(text: str) -> bool:
    depth = 0
    for sign in text:
        depth += (sign == "{") - (sign == "}")
        if depth < 0:
            return False
    return depth == 0
