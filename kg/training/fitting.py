"""Fitting a network to samples: batches, losses, learning rates, and what it says of texts it has not seen."""

import math
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from kg.extract.pairs import facts
from kg.training.data import IGNORED, Pair, Piece, Sample, pieces
from kg.training.network import Network, collate, first_pieces

Say = Callable[[str], None]
_ENCODER_LAYER = "encoder.layer."
_PAIR_EPOCHS, _PAIR_BATCH = 8, 6
# What roles and relations weigh beside the tags.
_ROLE_WEIGHT, _PAIR_WEIGHT = 0.5, 1.0


@dataclass(frozen=True)
class Fitting:
    """How to fit. ``rate`` is that of the top layer; each layer below has ``decay`` times that of the one above.

    ``masked`` is the share of pieces that are hidden from the encoder (token masking as in BERT, Devlin et al. 2019).
    """

    epochs: int
    rate: float
    decay: float = 0.85
    head_rate: float = 1e-3
    batch: int = 8
    masked: float = 0.08
    warm_up: float = 0.1
    seed: int = 0


@dataclass(frozen=True)
class Special:
    """Ids of the special pieces of a vocabulary."""

    padding: int
    mask: int


def fit(network: Network, special: Special, sets: Sequence[tuple[list[Piece], int]], how: Fitting, say: Say) -> None:
    """Fit in place. ``sets`` are pieces and how many times each is shown; batches hold pieces of one set."""
    torch.manual_seed(how.seed)
    torch.set_flush_denormal(True)
    order = random.Random(how.seed)  # noqa: S311 - shuffling, not secrecy
    optimizer = torch.optim.AdamW(_groups(network, how), betas=(0.9, 0.98), eps=1e-6)
    plan = list(_batches(sets, how, order))
    steps = len(plan)
    warm = max(1, round(how.warm_up * steps))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warm, max(0.01, (steps - step) / max(1, steps - warm + 1)))
    )
    network.train()
    started, total = time.monotonic(), 0.0
    for number, batch in enumerate(plan, 1):
        loss = batch_loss(network, special, batch, how.masked)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        total += loss.item()
        if number % 50 == 0 or number == steps:
            say(f"{number:,} of {steps:,} steps, mean loss {total / number:.3f}, {time.monotonic() - started:,.0f} s")


def _batches(sets: Sequence[tuple[list[Piece], int]], how: Fitting, order: random.Random) -> Iterator[list[Piece]]:
    """All batches in the order of training: pieces of like length together, the sets mixed all along."""
    placed: list[tuple[float, list[Piece]]] = []
    for found, times in sets:
        for round_ in range(times):
            shuffled = sorted(found, key=lambda p: len(p.window.ids) + order.random() * 40)
            cut = [shuffled[i : i + how.batch] for i in range(0, len(shuffled), how.batch)]
            placed += [((round_ + order.random()) / times, batch) for batch in cut]
    yield from (batch for _, batch in sorted(placed, key=lambda pair: pair[0]))


def _groups(network: Network, how: Fitting) -> list[dict[str, object]]:
    depth = network.encoder.depth
    groups = []
    for name, parameter in network.named_parameters():
        if not parameter.requires_grad:
            continue
        if _ENCODER_LAYER in name:
            layer = int(name.split(_ENCODER_LAYER)[1].split(".")[0])
            rate = how.rate * how.decay ** (depth - 1 - layer)
        elif name.startswith("encoder.model"):
            rate = how.rate * how.decay**depth
        else:
            rate = how.head_rate
        groups.append({"params": [parameter], "lr": rate, "weight_decay": 0.01 if parameter.ndim > 1 else 0.0})
    return groups


def batch_loss(network: Network, special: Special, batch: Sequence[Piece], masked: float) -> Tensor:
    """Loss of tags, and of roles and relations where they are known, each a mean over its own items."""
    windows = [piece.window for piece in batch]
    read = collate(windows, special.padding)
    if masked:
        hidden = (torch.rand(read.ids.shape) < masked) & (read.shapes > 0)
        read = read._replace(ids=read.ids.masked_fill(hidden, special.mask))
    vectors = network.dropout(first_pieces(network.encoder(read), windows))
    logits = network.tag(vectors)
    soft = [piece.soft for piece in batch]
    if all(each is not None for each in soft):
        wanted = torch.from_numpy(np.concatenate([each for each in soft if each is not None]).astype(np.float32))
        loss = nn.functional.kl_div(logits.log_softmax(-1), wanted, log_target=True, reduction="batchmean")
    else:
        loss = nn.functional.cross_entropy(logits, torch.from_numpy(np.concatenate([p.tags for p in batch])))
    return loss + _role_loss(network, vectors, batch) + _pair_loss(network, vectors, batch)


def _role_loss(network: Network, vectors: Tensor, batch: Sequence[Piece]) -> Tensor:
    known = [p.roles if p.roles is not None else np.full(len(p.tags), IGNORED) for p in batch]
    wanted = torch.from_numpy(np.concatenate(known))
    if not bool((wanted != IGNORED).any()):
        return torch.zeros(())
    return _ROLE_WEIGHT * nn.functional.cross_entropy(network.role(vectors), wanted, ignore_index=IGNORED)


def _pair_loss(network: Network, vectors: Tensor, batch: Sequence[Piece]) -> Tensor:
    pairs, begin = [], 0
    for piece in batch:
        pairs += [moved(pair, begin) for pair in piece.pairs]
        begin += len(piece.tags)
    if not pairs:
        return torch.zeros(())
    return _PAIR_WEIGHT * nn.functional.cross_entropy(pair_logits(network, vectors, pairs), kinds_of(pairs))


def kinds_of(pairs: Sequence[Pair]) -> Tensor:
    """What relates each pair."""
    return torch.tensor([pair.kind for pair in pairs])


def moved(pair: Pair, by: int) -> Pair:
    """The pair among words that begin ``by`` words later."""
    (a, b), (c, d) = pair.head, pair.tail
    return pair._replace(head=(a + by, b + by), tail=(c + by, d + by))


def pair_logits(network: Network, vectors: Tensor, pairs: Sequence[Pair]) -> Tensor:
    """(pairs, kinds) from vectors of words, (words, width), in which the pairs number their words."""
    head = torch.tanh(network.head(vectors))[torch.tensor([pair.head for pair in pairs])].mean(dim=1)
    tail = torch.tanh(network.tail(vectors))[torch.tensor([pair.tail for pair in pairs])].mean(dim=1)
    known = facts([(p.head, p.labels[0]) for p in pairs], [(p.tail, p.labels[1]) for p in pairs])
    one = torch.ones(len(pairs), 1)
    scores: Tensor = network.pair(
        torch.cat([head, torch.from_numpy(known[0]), one], dim=1),
        torch.cat([tail, torch.from_numpy(known[1]), one], dim=1),
    )
    return scores


def fit_pairs(network: Network, special: Special, samples: Sequence[Sample], seed: int, say: Say) -> None:
    """Fit anew what relates pairs, on the vectors of the encoder as it is: there are few relations; it is quick."""
    torch.manual_seed(seed)
    known = [piece for piece in pieces(samples) if piece.pairs]
    network.eval()
    with torch.inference_mode():
        vectors = [
            first_pieces(network.encoder(collate([p.window], special.padding)), [p.window]).clone() for p in known
        ]
    network.forget_pairs()
    ours = [*network.head.parameters(), *network.tail.parameters(), *network.pair.parameters()]
    optimizer = torch.optim.AdamW(ours, lr=1e-3, weight_decay=0.05)
    order = random.Random(seed)  # noqa: S311 - shuffling, not secrecy
    numbers = list(range(len(known)))
    for _ in range(_PAIR_EPOCHS):
        order.shuffle(numbers)
        total = 0.0
        for at in range(0, len(numbers), _PAIR_BATCH):
            chosen = numbers[at : at + _PAIR_BATCH]
            blurred = nn.functional.dropout(torch.cat([vectors[n] for n in chosen]), 0.6)
            loss = _pair_loss(network, blurred, [known[n] for n in chosen])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item()
        say(f"relations: mean loss {total / max(1, math.ceil(len(numbers) / _PAIR_BATCH)):.3f}")


def log_probabilities(
    network: Network, special: Special, samples: Sequence[Sample], batch: int = 8
) -> list[NDArray[np.float32]]:
    """Log probabilities of tags, (words, tags), sample by sample."""
    network.eval()
    results = [np.zeros((len(each.words.starts), network.tag.out_features), np.float32) for each in samples]
    jobs = [(number, window) for number, each in enumerate(samples) for window in each.words.windows]
    jobs.sort(key=lambda job: len(job[1].ids))
    with torch.inference_mode():
        for at in range(0, len(jobs), batch):
            chosen = jobs[at : at + batch]
            windows = [window for _, window in chosen]
            vectors = first_pieces(network.encoder(collate(windows, special.padding)), windows)
            found, begin = network.tag(vectors).log_softmax(-1).numpy(), 0
            for number, window in chosen:
                length = len(window.first)
                results[number][window.begin : window.begin + length] = found[begin : begin + length]
                begin += length
    return results
