"""What the app may touch beside its screen and the learner's position: files, other processes, the shell."""

from collections.abc import MutableMapping
from typing import NamedTuple

_REFUSED = {
    "save": "No lesson file is saved here",
    "handout": "No handout is written here",
    "screenshot": "No picture is saved here",
    "measure": "Nothing is measured here",
    "suspend": "There is no shell to go back to here",
}
"""The commands that need what can be out of reach, by name, with what is said of each."""


DRIVER_SETTING = "TEXTUAL_DRIVER"
"""The environment variable that names a driver of Textual's, as module:Class."""
_TEXTUAL = "TEXTUAL"
"""Beginning of Textual's variables, which may have it write files, press keys, or connect to its console."""
_HARMLESS = (DRIVER_SETTING, "TEXTUAL_COLOR_SYSTEM", "TEXTUAL_FPS")
"""Those that textual-serve sets."""


class Permissions(NamedTuple):
    """Everything, or nothing but the position; a learner is told why."""

    closed_because: str = ""
    """Why all the rest is out of reach, as it follows a colon: "this is a kiosk"; "" where it is not."""

    keeps_position: bool = True
    """Whether the position is kept: that is one for all, where nobody can say who they are."""

    @property
    def is_open(self) -> bool:
        """Whether files may be written, lessons opened by path, and frameworks run."""
        return not self.closed_because

    def close_environment(self, environ: MutableMapping[str, str]) -> None:
        """Take what would reach further out of an environment, before Textual, which reads it, is loaded."""
        if self.is_open:
            return
        for name in [*environ]:
            if name.startswith(_TEXTUAL) and name not in _HARMLESS:
                del environ[name]

    @property
    def no_copy_in_file(self) -> str:
        """What is said where a step that is copied is written to no file."""
        return f"No file is written here: {self.closed_because}."

    def refusal(self, command: str) -> str:
        """What is said in place of doing a command; "" for one that is done."""
        if self.is_open or command not in _REFUSED:
            return ""
        return f"{_REFUSED[command]}: {self.closed_because}."


OPEN = Permissions()
"""For people at a terminal of their own."""
KIOSK = Permissions("this is a kiosk, which keeps your place and nothing else")
"""For people who share an account, and are to reach nothing of it but this program."""
OVER_SSH = Permissions("the app runs on the teacher's computer", keeps_position=False)
"""For students in a class over SSH, who have told a name and the class code."""
LED_OVER_SSH = Permissions("you lead from another computer", keeps_position=False)
"""For a leader who has no terminal on this machine."""
BROWSER = Permissions("the screen is in a browser", keeps_position=False)
"""For people who see the app of another computer, all as the same user there."""
ELSEWHERE = Permissions("the screen is not known to be on this terminal", keeps_position=False)
"""For people who see the app by a driver that nobody here knows."""
