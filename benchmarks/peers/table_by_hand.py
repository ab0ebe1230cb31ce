"""The lecture network's training as a table, written by hand: the loop, and csv.writer for each row."""

from __future__ import annotations

import csv
import sys


def main(updates: int) -> None:
    """Write the table to standard output: update 0, which is before training, to the last."""
    w1, w2, w3, w4, w5, w6, b1, b2, b3 = 1.0, 0.5, 1.0, -0.5, 1.0, 1.0, 0.5, 0.0, 0.5
    x1, x2, y, eta = 1.0, 0.0, 2.0, 0.01
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(("update", "loss", "yhat", "w1", "w2", "w3", "w4", "w5", "w6", "b1", "b2", "b3"))
    for update in range(updates + 1):
        z1 = w1 * x1 + w3 * x2 + b1
        h1 = z1 if z1 > 0.0 else 0.0
        z2 = w2 * x1 + w4 * x2 + b2
        h2 = z2 if z2 > 0.0 else 0.0
        z3 = w5 * h1 + w6 * h2 + b3
        prediction = z3 if z3 > 0.0 else 0.0
        error = prediction - y
        table.writerow((update, error * error, prediction, w1, w2, w3, w4, w5, w6, b1, b2, b3))
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


if __name__ == "__main__":
    main(int(sys.argv[1]))
