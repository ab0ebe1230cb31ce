"""The lecture network's training, written by hand as straight-line Python that records its losses."""

from __future__ import annotations

import sys


def trained_by_hand(
    parameters: tuple[float, ...], x1: float, x2: float, y: float, eta: float, updates: int
) -> tuple[tuple[float, ...], list[float]]:
    """(parameters, loss before each update) after so many updates.

    The parameters are w1 … w6, b1, b2, b3; w1 and w2 leave x1, w3 and w4 leave x2.
    """
    w1, w2, w3, w4, w5, w6, b1, b2, b3 = parameters
    losses = []
    for _ in range(updates):
        z1 = w1 * x1 + w3 * x2 + b1
        h1 = z1 if z1 > 0.0 else 0.0
        z2 = w2 * x1 + w4 * x2 + b2
        h2 = z2 if z2 > 0.0 else 0.0
        z3 = w5 * h1 + w6 * h2 + b3
        prediction = z3 if z3 > 0.0 else 0.0
        error = prediction - y
        losses.append(error * error)
        d3 = 2.0 * error if z3 > 0.0 else 0.0
        d1 = d3 * w5 if z1 > 0.0 else 0.0
        d2 = d3 * w6 if z2 > 0.0 else 0.0
        w1 -= eta * (d1 * x1)
        w2 -= eta * (d2 * x1)
        w3 -= eta * (d1 * x2)
        w4 -= eta * (d2 * x2)
        w5 -= eta * (d3 * h1)
        w6 -= eta * (d3 * h2)
        b1 -= eta * d1
        b2 -= eta * d2
        b3 -= eta * d3
    return (w1, w2, w3, w4, w5, w6, b1, b2, b3), losses


if __name__ == "__main__":
    trained_by_hand((0.5, -0.5, 0.3, 0.8, 1.0, -0.4, 0.1, 0.2, 0.1), 1.0, 0.5, 1.0, 0.01, int(sys.argv[1]))
