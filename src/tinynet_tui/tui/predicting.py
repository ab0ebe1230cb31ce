"""The field that a prediction is typed into: which question it is for, and which keys it leaves alone."""

from __future__ import annotations

from textual.events import Key

from tinynet_tui.drawing.field import Field
from tinynet_tui.drawing.look import Look
from tinynet_tui.session.answer import Result
from tinynet_tui.session.commands import BY_KEY, BY_NAME, key_sign
from tinynet_tui.session.session import Session
from tinynet_tui.tui.answers import complaint
from tinynet_tui.tui.keys import entry_of
from tinynet_tui.tui.prompt import Question

PREDICTION = "prediction"
"""What the name of every question for a prediction begins with."""
_NEVER_TYPED = frozenset(
    key for name in ("predict", "level", "tally", "help") for key in BY_NAME[name].keys if len(key) == 1
)
"""Signs that no number has, so that their keys go on working."""


def prediction_field(session: Session, look: Look) -> Question | None:
    """The question for the field at the bottom, if the session asks for a prediction."""
    if session.stage == "off":
        return None
    from tinynet_tui.prediction.judgement import result
    from tinynet_tui.prediction.question import question

    asked = question(session)
    if asked is None:
        return None
    show, leave = (key_sign(BY_NAME[name].keys[0], look.ascii) for name in ("next", "leave"))
    return Question(
        f"{PREDICTION} {session.update}.{session.step} {session.level}",
        look.say(asked.label),
        complaint(lambda text: result(asked.answer, asked.level, text)),
        Field(),
        keys=look.say(f"Enter takes it, {show} shows it, {leave} ends"),
        keys_typed=look.say(f"Enter takes it, {key_sign('ctrl+u')} clears it, {leave} ends"),
        untouched=False,
    )


def is_prediction(question: Question | None) -> bool:
    """Whether a question is one for a prediction."""
    return question is not None and question.name.startswith(PREDICTION)


def judged(session: Session, text: str) -> tuple[str, Result]:
    """A prediction that can be read, and what it is worth."""
    from tinynet_tui.prediction.judgement import result
    from tinynet_tui.prediction.question import question

    asked = question(session)
    assert asked is not None, "only what is asked for is answered"
    return text.strip(), result(asked.answer, asked.level, text)


def goes_on(event: Key, session: Session) -> bool:
    """Whether a key leads from a verdict to the next question: Enter does, after the Enter that answered."""
    return event.key == "enter" and session.stage == "telling"


def passes(event: Key, question: Question | None) -> bool:
    """Whether a key does what it does without a field: it types no number, and moves in none."""
    if question is None or not is_prediction(question) or entry_of(event, BY_KEY) is None:
        return False
    if event.key in ("left", "right"):
        return not question.field.text
    if event.is_printable:
        return event.character in _NEVER_TYPED
    return event.key != "enter" and question.field.after_key(event.key, None) is None
