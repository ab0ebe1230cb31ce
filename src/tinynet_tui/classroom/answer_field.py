"""What somebody types as an answer to what their class is asked."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tinynet_tui.classroom.class_question import judged
from tinynet_tui.classroom.room_events import Answered
from tinynet_tui.classroom.rounds import Asking
from tinynet_tui.drawing.text_field import Field
from tinynet_tui.prediction.judgement import LONGEST, without_name

_NOTHING_TYPED = Field()


@dataclass(frozen=True, slots=True)
class AnswerField:
    """The answer as far as it is typed, and to which round."""

    asked: tuple[bytes, int] | None = None
    """Where the round is asked that is answered, and which of its question it is."""
    field: Field = _NOTHING_TYPED
    complaint: str = ""
    """What is wrong with what was sent last."""

    def to(self, asking: Asking | None) -> AnswerField:
        """The field for what is asked now: with nothing typed where that is another round."""
        asked = None if asking is None else (asking.round.place, len(asking.rounds))
        return self if asked == self.asked else AnswerField(asked)

    def after_key(self, key: str, character: str | None) -> AnswerField | None:
        """The field after a key that types; None for any other key."""
        field = self.field.after_key(key, character)
        return None if field is None else replace(self, field=field, complaint="")

    def sent(self, name: str, asking: Asking) -> tuple[AnswerField, Answered | None]:
        """(the field after it was sent, what somebody has answered with it, if it can be judged)."""
        text = without_name(self.field.text)
        try:
            found = judged(asking.round.place, text)
        except ValueError as fault:
            return replace(self, complaint=str(fault)), None
        answered = Answered(name, len(asking.rounds) - 1, text[:LONGEST], found)
        return AnswerField(self.asked), answered
