"""Spellings of one name meet, names that differ by a sign stay apart."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kg.link.normal_form import normal_form, singular

SAME = [
    ("Neural Network", "neural networks"),
    ("Neural Networks", "NEURAL NETWORK"),
    ("Physics-Informed Neural Networks", "physics informed neural network"),
    ("Physics\u2013Informed Neural Network", "Physics-Informed Neural Network"),
    ("Physics\u2011Informed Neural Network", "Physics-Informed Neural Network"),
    ("PINNs", "PINN"),
    ("GPUs", "GPU"),
    ("ReLUs", "ReLU"),
    ("GRUs", "gru"),
    ("POIs", "POI"),
    ("ViTs", "ViT"),
    ("ODEs", "ODE"),
    ("CIFAR-10", "CIFAR10"),
    ("CIFAR-10", "Cifar 10"),
    ("ResNet-50", "ResNet50"),
    ("ResNet50s", "ResNet-50"),
    ("GPT-3", "GPT3"),
    ("GPT-3.5", "GPT3.5"),
    ("ImageNet-1k", "ImageNet1K"),
    ("WMT'14", "WMT14"),
    ("LLaMA2-7B", "LLaMA-2-7B"),
    ("F1-score", "F1 scores"),
    ("mixtures of experts", "Mixture-of-Experts"),
    ("bag of words", "bags-of-words"),
    ("actor/critic", "actor-critic"),
    ("Adam\u2019s optimizer", "Adam optimizer"),
    ("\u201cTransformer\u201d", "Transformer"),
    ("Bayes' rule", "Bayes rule"),
    ("L\u2082 norm", "L2 norm"),
    ("\u21132 norm", "l2 norm"),
    ("\ufb01ne-tuning", "fine-tuning"),
    ("fine\u00adtuning", "finetuning"),
    ("\u200bBERT\ufeff", "BERT"),
    ("\uff22\uff25\uff32\uff34", "BERT"),
    ("Fréchet Inception Distance", "Frechet inception distance"),
    ("Schro\u0308dinger bridge", "Schrödinger bridge"),
    ("Stra\u00dfe", "STRASSE"),
    ("optimisation", "optimization"),
    ("language modelling", "language modeling"),
    ("labelled data", "labeled data"),
    ("nearest neighbours", "nearest neighbor"),
    ("matrices", "matrix"),
    ("indices", "index"),
    ("analyses", "analysis"),
    ("corpora", "corpus"),
    ("knowledge bases", "knowledge base"),
    ("policies", "policy"),
    ("processes", "process"),
    ("approaches", "approach"),
    ("losses", "loss"),
    ("evaluation metrics", "evaluation metric"),
    ("topics", "topic"),
    ("  deep \n learning ", "deep learning"),
    ("\u03b5-greedy", "epsilon-greedy"),
    ("TD(\u03bb)", "TD-lambda"),
    (r"$\beta$-VAE", "beta-VAE"),
    (r"$\varepsilon$-greedy", "\u03b5-greedy"),
    (r"$L_2$ norm", "L2 norm"),
    (r"$\ell_1$-norm", "l1 norm"),
    (r"$\ell_{2}$ loss", "L2 loss"),
    (r"$k$-means", "k-means"),
    (r"\textsc{BERT}", "BERT"),
    (r"R\'enyi entropy", "R\u00e9nyi entropy"),
    (r"H{\"o}lder", "H\u00f6lder"),
    ("E$^2$-RAG", "E2-RAG"),
    (r"$\frac{1}{2}$-approximation", "1/2-approximation"),
    ("YOLO-v3", "YOLOv3"),
    ("3-D reconstruction", "three-dimensional reconstruction"),
    ("F-1 score", "F1"),
    ("the CIFAR-10 dataset", "CIFAR-10"),
    ("Adam optimiser", "Adam"),
    ("BERT models", "BERT"),
    ("KITTI benchmark dataset", "KITTI"),
    ("graph neural networks (GNNs)", "graph neural network"),
    ("summarised", "summarized"),
    ("parametrisation", "parameterization"),
    ("dialogue systems", "dialog system"),
    ("defence", "defense"),
    ("behavioural cloning", "behavioral cloning"),
    ("deep neural nets", "deep neural networks"),
    ("cellular automata", "cellular automaton"),
]

DIFFERENT = [
    ("CIFAR-10", "CIFAR-100"),
    ("ResNet-50", "ResNet-101"),
    ("ResNet", "ResNet-50"),
    ("L1", "L2"),
    ("L1 norm", "L2 norm"),
    ("BERT", "RoBERTa"),
    ("BERT", "BERTs of a kind"),
    ("GAN", "GNN"),
    ("GNN", "GCN"),
    ("RNN", "CNN"),
    ("VAE", "VQ-VAE"),
    ("GPT-2", "GPT-3"),
    ("GPT-3", "GPT-3.5"),
    ("word2vec", "doc2vec"),
    ("supervised learning", "unsupervised learning"),
    ("supervised learning", "semi-supervised learning"),
    ("convex optimization", "non-convex optimization"),
    ("linear", "nonlinear"),
    ("symmetric", "asymmetric"),
    ("MNIST", "Fashion-MNIST"),
    ("MNIST", "EMNIST"),
    ("ImageNet", "Tiny ImageNet"),
    ("GLUE", "SuperGLUE"),
    ("BLEU", "BLEU-4"),
    ("C", "C++"),
    ("C", "C#"),
    ("A", "A*"),
    ("2D", "3D"),
    ("k-means", "k-medoids"),
    ("Adam", "AdamW"),
    ("SGD", "SGLD"),
    ("PPO", "DPO"),
    ("F1", "F2"),
    ("precision", "recall"),
    ("bias", "bia"),
    ("loss", "los"),
    ("analysis", "analysi"),
    ("NAS", "NA"),
    ("GPS", "GP"),
    ("physics", "physic"),
    ("series", "serie"),
    ("ICLR 2019", "ICLR 2020"),
    ("\u03b1-divergence", "\u03b2-divergence"),
    ("日本", "本日"),
    ("हिन्दी", "हनद"),
    ("diffusion model", "diffusion"),
    ("language model", "language"),
    ("NLP models", "NLP"),
    ("ReLU network", "ReLU"),
    ("QA datasets", "QA"),
    ("3D model", "3D"),
    ("Markov model", "Markov"),
    ("LiDAR-inertial system", "LiDAR-inertial"),
    ("A-optimality", "optimality"),
    ("a posteriori", "posteriori"),
    (r"$\ell_1$", r"$\ell_2$"),
    ("YOLOv3", "YOLOv4"),
    ("C", "C++"),
    ("graph neural networks (KDD)", "graph neural network"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spellings_of_one_name_meet(one: str, other: str) -> None:
    assert normal_form(one) == normal_form(other) != ""


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_names_stay_apart(one: str, other: str) -> None:
    assert normal_form(one) != normal_form(other)


@given(st.one_of(st.text(), st.text("abAS's-/_ \u2019\"19éß\u0131İΣ\u0345\u0301\u00ad\u00b7ofies")))
@example('a"-b')
@example("Aß0AS")
@example("AAA0XES")
@example("x ofs")
@example("GPUss")
@example("\u2019s's")
def test_a_normal_form_is_its_own(text: str) -> None:
    folded = normal_form(text)
    assert normal_form(folded) == folded
    assert folded == " ".join(folded.split())


@given(st.text("abcXYZ 019-", min_size=1))
def test_case_changes_nothing(text: str) -> None:
    assert normal_form(text.upper()) == normal_form(text.lower())


@given(st.text())
def test_only_signs_that_name_nothing_vanish(text: str) -> None:
    if any(c.isalnum() for c in text) and "\\" not in text:  # LaTeX has words that show nothing
        assert normal_form(text)


@pytest.mark.parametrize("text", ["", " ", "-", "\u2013", "/", "_-_", '"', "''", "\u200b"])
def test_nothing_is_empty(text: str) -> None:
    assert normal_form(text) == ""


@pytest.mark.parametrize(
    ("word", "one"),
    [
        ("networks", "network"),
        ("policies", "policy"),
        ("ties", "tie"),
        ("series", "series"),
        ("movies", "movie"),
        ("classes", "class"),
        ("boxes", "box"),
        ("batches", "batch"),
        ("meshes", "mesh"),
        ("caches", "cache"),
        ("databases", "database"),
        ("responses", "response"),
        ("vertices", "vertex"),
        ("hypotheses", "hypothesis"),
        ("biases", "bias"),
        ("lenses", "lens"),
        ("heuristics", "heuristic"),
        ("spectra", "spectrum"),
        ("curves", "curve"),
        ("bias", "bias"),
        ("loss", "loss"),
        ("corpus", "corpus"),
        ("basis", "base"),
        ("physics", "physics"),
        ("is", "is"),
        ("s", "s"),
        ("as", "as"),
        ("", ""),
    ],
)
def test_singular(word: str, one: str) -> None:
    assert singular(word) == one
    assert singular(one) == one


@pytest.mark.parametrize(
    "word", ["noise", "supervised", "precise", "raised", "exercise", "pairwise", "rising", "revised"]
)
def test_words_that_only_end_like_british_verbs_stay(word: str) -> None:
    assert normal_form(word) == word


def test_only_the_head_is_made_singular() -> None:
    assert normal_form("news articles") == "news article"
    assert normal_form("systems biology") == "systems biology"
    assert normal_form("sums of squares") == "sum of square"
