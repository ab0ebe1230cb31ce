"""Handouts in LaTeX with any signs in any order, many to a document, compiled by pdflatex."""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path
from random import Random

from tests.handouts.latex_words import failures, words

_IN_A_DOCUMENT = 1000


def main() -> int:
    """Run as the command line asks; returns the exit status."""
    parser = argparse.ArgumentParser(description="Compile handouts with any signs in any order.")
    parser.add_argument("--count", type=int, default=20_000, help="handouts")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    pdflatex = shutil.which("pdflatex")
    if pdflatex is None:
        parser.error("pdflatex is not installed")
    chance, failed = Random(arguments.seed), 0
    for done in range(0, arguments.count, _IN_A_DOCUMENT):
        texts = [words(chance) for _ in range(min(_IN_A_DOCUMENT, arguments.count - done))]
        with tempfile.TemporaryDirectory() as name:
            for text, complaint in failures(texts, pdflatex, Path(name)):
                failed += 1
                print(f"{text!r}: {complaint}", flush=True)
    print(f"{arguments.count:,} handouts, {failed} failures")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
