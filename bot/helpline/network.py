"""A network with one hidden layer, in numpy: TensorFlow would cost ten seconds at the start and 350 MB.

Adam (Kingma and Ba, 2015) with decoupled weight decay, dropout, and smoothed labels (Szegedy et al., 2016), which keep
the probabilities modest on wordings that it has not seen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

HIDDEN = 512
EPOCHS = 12
BATCH = 128
RATE = 1e-3
DECAY = 1e-2
DROPOUT, INPUT_DROPOUT = 0.3, 0.1
SMOOTHING = 0.1


@dataclass(frozen=True)
class Network:
    """Weights and biases of the two layers."""

    w1: Array
    b1: Array
    w2: Array
    b2: Array

    def log_probabilities(self, rows: Array) -> Array:
        """One row of log probabilities for each row of features."""
        return log_softmax(np.maximum(rows @ self.w1 + self.b1, 0) @ self.w2 + self.b2)


def log_softmax(scores: Array) -> Array:
    """Scores to log probabilities, row by row."""
    shifted = scores - scores.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def fit(rows: Array, labels: NDArray[np.int64], classes: int, weights: Array, seed: int) -> Network:
    """Learn to give each row its label. weights: how much each row counts. The same seed gives the same network."""
    chance = np.random.default_rng(seed)
    layers = [
        (chance.standard_normal((rows.shape[1], HIDDEN)) * np.sqrt(2 / rows.shape[1])).astype(np.float32),
        np.zeros(HIDDEN, np.float32),
        (chance.standard_normal((HIDDEN, classes)) * np.sqrt(1 / HIDDEN)).astype(np.float32),
        np.zeros(classes, np.float32),
    ]
    adam = _Adam(layers, EPOCHS * -(-len(rows) // BATCH))
    wanted = np.full((len(rows), classes), SMOOTHING / classes, np.float32)
    wanted[np.arange(len(rows)), labels] += 1 - SMOOTHING
    for _ in range(EPOCHS):
        order = chance.permutation(len(rows))
        for start in range(0, len(rows), BATCH):
            batch = order[start : start + BATCH]
            kept = rows[batch] * _dropout(chance, rows[batch].shape, INPUT_DROPOUT)
            adam.step(_gradients(layers, kept, wanted[batch], weights[batch], chance))
    return Network(*layers)


def _dropout(chance: np.random.Generator, shape: tuple[int, ...], share: float) -> Array:
    return (chance.random(shape, dtype=np.float32) > share) / np.float32(1 - share)


def _gradients(
    layers: list[Array], rows: Array, wanted: Array, weights: Array, chance: np.random.Generator
) -> list[Array]:
    w1, b1, w2, b2 = layers
    hidden = rows @ w1 + b1
    mask = (hidden > 0) * _dropout(chance, hidden.shape, DROPOUT)
    hidden = hidden * mask
    off = (np.exp(log_softmax(hidden @ w2 + b2)) - wanted) * (weights / len(rows))[:, None]
    back = (off @ w2.T) * mask
    return [rows.T @ back, back.sum(axis=0), hidden.T @ off, off.sum(axis=0)]


class _Adam:
    """Changes the layers in place; the rate warms up over 100 steps and then falls to nothing."""

    def __init__(self, layers: list[Array], steps: int) -> None:
        self.layers, self.steps, self.done = layers, steps, 0
        self.first = [np.zeros_like(layer) for layer in layers]
        self.second = [np.zeros_like(layer) for layer in layers]

    def step(self, gradients: list[Array]) -> None:
        self.done += 1
        rate = np.float32(RATE * (1 - self.done / self.steps) * min(1, self.done / 100))
        bias1, bias2 = np.float32(1 - 0.9**self.done), np.float32(1 - 0.999**self.done)
        for layer, gradient, first, second in zip(self.layers, gradients, self.first, self.second, strict=True):
            first += np.float32(0.1) * (gradient - first)
            second += np.float32(0.001) * (gradient * gradient - second)
            layer -= rate * ((first / bias1) / (np.sqrt(second / bias2) + np.float32(1e-8)))
            if layer.ndim == 2:
                layer -= rate * np.float32(DECAY) * layer
