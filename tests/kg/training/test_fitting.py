"""Fitting: that it learns, repeats itself, hides pieces, and what each part of the loss counts."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch comes with the extra `train`")

import torch

from kg.evaluate.annotations import Annotation
from kg.extract.tags import KINDS, ROLES, TAGS
from kg.model import RelationKind, Role
from kg.training import fitting
from kg.training.data import Pair, Sample, pieces, sample
from kg.training.fitting import Fitting, batch_loss, fit, log_probabilities, pair_logits
from kg.training.network import Encoder, Network, collate, first_pieces
from tests.kg.training.gold import crane

if TYPE_CHECKING:
    from kg.training.encoders import Pretrained

VERBS = ("train", "fold", "test", "see")
QUICK = Fitting(epochs=1, rate=3e-3, head_rate=1e-2, batch=2, masked=0.0)


def samples(read: "Pretrained", *verbs: str, annotated: bool = False) -> list[Sample]:
    annotation = Annotation({0: Role.PROPOSES, 1: Role.PROPOSES}, ((1, 2, RelationKind.EVALUATED_ON),))
    return [sample(crane(verb), read.reader, annotation if annotated else None) for verb in verbs]


def network(read: "Pretrained", *, dropout: float = 0.0) -> Network:
    torch.manual_seed(0)
    return Network(Encoder(read.folder), dropout=dropout)


def quiet(_: str) -> None:
    """Say nothing."""


def tag_loss(net: Network, read: "Pretrained", of: list[Sample]) -> float:
    found = log_probabilities(net, read.special, of)
    return -float(np.mean([rows[np.arange(len(rows)), s.tags].mean() for rows, s in zip(found, of, strict=True)]))


def test_what_was_shown_is_learned(small: "Pretrained") -> None:
    net, of = network(small), samples(small, *VERBS, annotated=True)
    before, lines = tag_loss(net, small, of), []
    fit(net, small.special, [(pieces(of), 25)], QUICK, lines.append)
    assert before > 1
    assert tag_loss(net, small, of) < 0.1
    assert lines[-1].startswith("50 of 50 steps, mean loss ")
    # Roles and relations as well, which share its vectors.
    net.eval()
    with torch.inference_mode():
        window = of[0].words.windows[0]
        vectors = first_pieces(net.encoder(collate([window], small.special.padding)), [window])
        assert of[0].roles is not None
        known = of[0].roles >= 0
        assert net.role(vectors).argmax(1).numpy()[known].tolist() == of[0].roles[known].tolist()
        assert pair_logits(net, vectors, of[0].pairs).argmax(1).tolist() == [p.kind for p in of[0].pairs]
        assert {p.kind for p in of[0].pairs} == {0, KINDS.index(RelationKind.EVALUATED_ON)}


def test_the_same_seed_gives_the_same_weights(small: "Pretrained") -> None:
    def weights(seed: int) -> list[Any]:
        net = network(small, dropout=0.3)
        how = replace(QUICK, seed=seed, masked=0.2)
        fit(net, small.special, [(pieces(samples(small, *VERBS)), 1)], how, quiet)
        return [p.detach().clone() for p in net.parameters()]

    one, again, other = weights(1), weights(1), weights(2)
    assert all(torch.equal(a, b) for a, b in zip(one, again, strict=True))
    assert not all(torch.equal(a, b) for a, b in zip(one, other, strict=True))


def test_word_vectors_stay_as_they_were(small: "Pretrained") -> None:
    net = network(small)
    before = net.encoder.model.embeddings.word_embeddings.weight.clone()
    layer = net.encoder.model.encoder.layer[0].output.dense.weight.clone()
    fit(net, small.special, [(pieces(samples(small, *VERBS)), 2)], QUICK, quiet)
    assert torch.equal(net.encoder.model.embeddings.word_embeddings.weight, before)
    assert not torch.equal(net.encoder.model.encoder.layer[0].output.dense.weight, layer)


def test_no_samples_no_steps(small: "Pretrained") -> None:
    net, lines = network(small), []
    fit(net, small.special, [([], 3)], QUICK, lines.append)
    assert lines == []


def test_probabilities_are_the_same_alone_and_among_others(small: "Pretrained") -> None:
    net = network(small, dropout=0.5)
    of = [*samples(small, *VERBS), sample(crane(" ".join(["fold"] * 700)), small.reader)]
    assert len(of[-1].words.windows) > 1
    together = log_probabilities(net, small.special, of, batch=3)
    for each, found in zip(of, together, strict=True):
        assert found.shape == (len(each.words.starts), len(TAGS))
        assert np.exp(found).sum(axis=1) == pytest.approx(np.ones(len(found)), abs=1e-4)
        [alone] = log_probabilities(net, small.special, [each])
        assert found == pytest.approx(alone, abs=1e-3)


def test_each_set_is_shown_as_often_as_asked_in_batches_of_its_own(small: "Pretrained") -> None:
    gold, silver = (pieces(samples(small, *verbs)) for verbs in (VERBS[:3], VERBS))
    order = fitting.random.Random(0)
    batches = list(fitting._batches([(gold, 3), (silver, 2)], replace(QUICK, batch=2), order))
    shown = [id(piece) for batch in batches for piece in batch]
    assert all(shown.count(id(piece)) == 3 for piece in gold)
    assert all(shown.count(id(piece)) == 2 for piece in silver)
    kinds = [{id(piece) in set(map(id, gold)) for piece in batch} for batch in batches]
    assert all(len(kind) == 1 for kind in kinds)
    assert max(map(len, batches)) == 2
    # The sets are mixed: neither comes all at once.
    assert kinds != sorted(kinds, key=str)
    assert kinds != sorted(kinds, key=str, reverse=True)


def test_lower_layers_learn_slower_and_heads_at_their_own_rate(small: "Pretrained") -> None:
    net = network(small)
    how = Fitting(epochs=1, rate=1.0, decay=0.5, head_rate=7.0)
    rates = {}
    for group in fitting._groups(net, how):
        [parameter] = group["params"]  # type: ignore[misc]
        name = next(name for name, p in net.named_parameters() if p is parameter)
        rates[name] = group["lr"]
        assert (group["weight_decay"] == 0) is (parameter.ndim == 1)
    assert {rate for name, rate in rates.items() if ".layer.1." in name} == {1.0}
    assert {rate for name, rate in rates.items() if ".layer.0." in name} == {0.5}
    assert rates["encoder.model.embeddings.LayerNorm.weight"] == 0.25
    assert rates["encoder.shape.weight"] == rates["tag.weight"] == rates["pair.weight"] == 7.0
    assert "encoder.model.embeddings.word_embeddings.weight" not in rates


def test_soft_labels_are_compared_with_what_the_network_says(small: "Pretrained") -> None:
    net, of = network(small).eval(), samples(small, "fold")
    [of[0].soft] = log_probabilities(net, small.special, of)
    assert batch_loss(net, small.special, pieces(of), 0.0).item() == pytest.approx(0, abs=1e-5)
    of[0].soft = np.roll(of[0].soft, 1, axis=1)
    assert batch_loss(net, small.special, pieces(of), 0.0).item() > 0.1


def test_hard_labels_are_compared_word_by_word(small: "Pretrained") -> None:
    net, of = network(small).eval(), samples(small, "fold")
    assert batch_loss(net, small.special, pieces(of), 0.0).item() == pytest.approx(tag_loss(net, small, of), abs=1e-4)


def test_roles_and_relations_count_where_they_are_known(small: "Pretrained") -> None:
    net = network(small).eval()
    plain, annotated = samples(small, "fold"), samples(small, "fold", annotated=True)
    bare = batch_loss(net, small.special, pieces(plain), 0.0).item()
    assert batch_loss(net, small.special, pieces(annotated), 0.0).item() > bare
    # Saying the wanted roles more surely lowers the loss, other rows than the wanted ones do not matter.
    only_roles = [replace_pairs(each, []) for each in annotated]
    before = batch_loss(net, small.special, pieces(only_roles), 0.0).item()
    with torch.no_grad():
        net.role.bias[ROLES.index(Role.PROPOSES)] += 0.5
        net.role.bias[0] += 0.5
    assert bare < batch_loss(net, small.special, pieces(only_roles), 0.0).item() < before
    # A paper without roles beside one that has them adds none.
    mixed = batch_loss(net, small.special, pieces([*plain, *only_roles]), 0.0).item()
    assert mixed == pytest.approx(batch_loss(net, small.special, pieces(only_roles), 0.0).item(), abs=1e-4)


def replace_pairs(of: Sample, pairs: list[Pair]) -> Sample:
    return replace(of, pairs=pairs)


def test_pairs_of_a_later_window_are_those_of_its_words(small: "Pretrained") -> None:
    net = network(small).eval()
    torch.nn.init.normal_(net.pair.weight)
    of = samples(small, "fold", "train", annotated=True)
    both = fitting._pair_loss(net, *vectors_of(net, small, of)).item()
    single = [fitting._pair_loss(net, *vectors_of(net, small, [each])).item() for each in of]
    assert both == pytest.approx(np.mean(single), abs=1e-3)
    assert abs(single[0] - single[1]) > 1e-3


def vectors_of(net: Network, read: "Pretrained", of: list[Sample]) -> tuple[Any, Any]:
    parts = pieces(of)
    windows = [part.window for part in parts]
    return first_pieces(net.encoder(collate(windows, read.special.padding)), windows), parts


def test_only_words_are_hidden_and_about_as_many_as_asked(small: "Pretrained", monkeypatch: pytest.MonkeyPatch) -> None:
    net, of = network(small).eval(), samples(small, *VERBS)
    read: list[Any] = []
    encode = net.encoder.forward
    monkeypatch.setattr(net.encoder, "forward", lambda batch: read.append(batch) or encode(batch))
    torch.manual_seed(0)
    for _ in range(30):
        batch_loss(net, small.special, pieces(of), 0.3)
    whole = collate([part.window for part in pieces(of)], small.special.padding)
    ids = torch.stack([batch.ids for batch in read])
    hidden = ids == small.special.mask
    assert not hidden[:, whole.shapes == 0].any()
    assert float(hidden[:, whole.shapes > 0].float().mean()) == pytest.approx(0.3, abs=0.03)
    assert torch.equal(torch.where(hidden, whole.ids, ids), whole.ids.expand_as(ids))
