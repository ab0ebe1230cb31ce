"""What is said of a wrong answer at a stop of the tour: the mistake, or what else the number is of."""

from __future__ import annotations

import pytest

from tests.session.tours import changed, nudged
from tinynet_tui.prediction.tour_answer import reply
from tinynet_tui.session.commands import Command, after
from tinynet_tui.session.touring import at_stop, begun, shipped_tour


@pytest.mark.parametrize(
    ("stop", "turns", "text", "words"),
    [
        # By hand: z₁ = 5, z₂ = 3, ŷ = −5 + 6 + 1 = 2. Without b₁ z₁ is 3, and ŷ 4.
        (0, 0, "-2", "The number is right, but its sign is wrong."),
        (0, 0, "4", "Already at step 1.1, z₁: b₁ is forgotten: it is added to the sum."),
        # w₅ · h₁ is −5: with + it is 5 + 6 + 1. z₃ = 2 is above 0.
        (0, 0, "12", "Already at step 1.5, z₃: One part of the sum has the wrong sign."),
        (0, 0, "0", "z₃ = 2 is above 0: ReLU hands it on."),
        (0, 0, "37", "Node 1 first: z₁ = w₁ · x₁ + w₂ · x₂ + b₁, and h₁ = ReLU(z₁); "
                     "h₂ in the same way, then ŷ from both."),
        # w₅ + 0.01: z₃ by 5 · 0.01, L by 0.95² − 1 = −0.0975; + 0.02: by −0.19, −9.5 times as much.
        (1, 0, "0.19", "The number is right, but its sign is wrong."),
        (1, 0, "0.05", "That is the change of z₃: that of L is asked."),
        (1, 0, "-9.5", "That is how many times as much L changes as w₅: by how much L changes is asked."),
        *(
            (1, 0, text, "w₅ −1 → −0.99: L changes by −0.0975; + is larger, − is smaller.")
            for text in ("no", "rises", "up", "it gets larger", "It does not fall.", "it stays the same")
        ),
        # 1 before; after it as told: L 1 → 0.6240.
        (7, 0, "no", "L was 1, and is 0.6240 after the update."),
        (9, 0, "the new one", "v shows both ways: which of them comes near to what a tiny nudge gives?"),
        # −2 · 1 · 5 = −10
        (2, 0, "-9.5", "It is so for this nudge: a smaller one comes nearer to what is asked."),
        (2, 0, "10", "The number is right, but its sign is wrong."),
        (2, 0, "-2", "That is ∂L/∂z₃ alone: it is multiplied by ∂z₃/∂w₅."),
        # At w₁ = 0: ŷ − y = −3, and the slope of ReLU at z₃ = −1 is 0.
        (4, 5, "6", "That is ∂L/∂w₁ at w₁ = −1, before the nudge."),
        (4, 5, "18", "Already at step 1.9, ∂ŷ/∂z₃: "
                     "ReLU is forgotten: z₃ = −1 is not above 0, so it lets nothing through."),
        # −1 − 0.001 · 6 = −1.006
        (6, 0, "-7", "The learning rate η is missing."),
        (6, 0, "-0.994", "The step was added: an update subtracts it."),
        (6, 0, "-1.0", "That is the old value: its step is still to be subtracted."),
        # What is nobody's known mistake has the stop's own help.
        (1, 0, "-9", "w₅ −1 → −0.99: L changes by −0.0975; + is larger, − is smaller."),
        (2, 0, "7", "- makes the nudge smaller: what does “times as much” come near to?"),
        (4, 5, "8", "Multiply the factors as they are at w₁ = 0. "
                    "What is the slope of a ReLU whose sum is below 0?"),
        (6, 0, "-1.6", "Take the old w₁, less η · ∂L/∂w₁, with η = 0.001."),
        (6, 0, "1.006", "The number is right, but its sign is wrong."),
    ],
)  # fmt: skip
def test_a_wrong_answer_has_its_reason(stop: int, turns: int, text: str, words: str) -> None:
    """The one that a prediction of that step would have, or what else on the screen the number is."""
    session = at_stop(begun(shipped_tour()), stop)
    if stop == 1:
        session = after(after(session, Command("select", "w5")), Command("chain"))
    is_right, said = reply(nudged(session, turns), text, "go on and see")
    typed = f"“{text}”" if any(map(str.isalpha, text)) else text.replace("-", "−")
    assert (is_right, said) == (False, f"Not {typed}. {words}")


def test_a_right_answer_is_said_to_be_right() -> None:
    """With the sign for minus that all numbers have."""
    assert reply(at_stop(begun(shipped_tour()), 6), "-1.006", "") == (True, "Right: −1.006.")


@pytest.mark.parametrize(
    ("stop", "texts"),
    [
        (
            1,
            ("yes", "it helps", "falls", "It falls.", "down", "less", "smaller", "it gets smaller", "L fell"),
        ),
        (7, ("yes", "less", "it fell", "Yes, it is smaller.")),
        (9, ("old", "the old weight", "w₅ before the update")),
    ],
)
def test_a_right_answer_is_taken_in_words(stop: int, texts: tuple[str, ...]) -> None:
    """In those in which learners say it."""
    session = at_stop(begun(shipped_tour()), stop)
    for text in texts:
        assert reply(session, text, "")[0], text


def test_what_the_words_mean_is_what_the_numbers_do() -> None:
    """By hand, with w₅ = 9: 5 · 9 + 6 + 1 = 52 is above 3, so more of w₅ makes L larger."""
    session = at_stop(changed(9), 1)
    assert [
        text for text in ("yes", "falls", "no", "rises", "no, it rises") if reply(session, text, "")[0]
    ] == [
        "no",
        "rises",
        "no, it rises",
    ]


def test_what_is_not_understood_is_not_said_to_be_wrong() -> None:
    """It may be right in other words."""
    words = "“it goes to my head” is not understood here: try other words, or go on and see."
    assert reply(at_stop(begun(shipped_tour()), 1), "it goes to my head", "go on and see") == (False, words)
