import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pylatexenc.latex2text import LatexNodes2Text

from kg.view.tex import to_tex


def read(tex: str) -> str:
    """What LaTeX would print, formulas as they are written."""
    return LatexNodes2Text(math_mode="verbatim").latex_to_text(tex.replace(r"\textasciicircum{}", r"\^{}"))


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("Attention Is All You Need", "Attention Is All You Need"),
        ("BERT: Pre-training of Deep Transformers", "{BERT}: Pre-training of Deep Transformers"),
        ("ImageNet-1k, U-Net and 3D in Graph-Based mT5", "{ImageNet-1k}, {U-Net} and {3D} in Graph-Based {mT5}"),
        ("50% of R&D #1 in x_y", r"50\% of R\&D \#1 in x\_y"),
        ("from $5 to $10", r"from \$5 to \$10"),
        (r"$\ell_1$-norm of {\"O}sterreich \emph{GPU}s", r"$\ell_1$-norm of {\"O}sterreich \emph{GPU}s"),
        ("a {broken} } title {", r"a \textbraceleft{}broken\textbraceright{} \textbraceright{} title \textbraceleft{}"),
        (r"a set \{1\}", r"a set \textbraceleft{}1\textbraceright{}"),
        (r"two \\ lines\\", r"two \textbackslash{}\textbackslash{} lines\textbackslash{}\textbackslash{}"),
        ("$x^{2$ is none", r"\$x\textasciicircum{}\textbraceleft{}2\$ is none"),
        ("Müller\n 深度学习 @home", "Müller 深度学习 @home"),
    ],
)
def test_titles_keep_what_they_say(title: str, written: str) -> None:
    assert to_tex(title, title=True) == written


def test_only_titles_protect_capitals() -> None:
    assert to_tex("the BERT model") == "the BERT model"


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60))
def test_braces_are_always_balanced(text: str) -> None:
    depth = 0
    for sign in to_tex(text, title=True):
        depth += (sign == "{") - (sign == "}")
        assert depth >= 0
    assert depth == 0


@settings(deadline=None)
@given(st.text(st.sampled_from("aB3 é深&%#_$.:~"), max_size=40))
def test_plain_text_is_read_back(text: str) -> None:
    line = " ".join(text.split())
    if "$" not in line:
        assert read(to_tex(text, title=True)) == line
