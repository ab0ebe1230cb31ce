"""What is saved of a person's own lesson: all of its file, with the numbers of now."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from msgspec.structs import replace as changed

from tinynet_tui.lessons.own_text import comments_lost
from tinynet_tui.lessons.reading import LessonFault, open_lesson, parse_lesson
from tinynet_tui.lessons.schema import Note, OwnText
from tinynet_tui.lessons.shipped import shipped_lesson, shipped_text
from tinynet_tui.lessons.writing import lesson_text, write_lesson
from tinynet_tui.session.commands import Command, after, start
from tinynet_tui.session.moment import lesson_now, moment
from tinynet_tui.session.saved_session import decoded, encoded
from tinynet_tui.session.session import Edit, Session

NETWORK = """\
# For 10b
title = "Ours"     # theirs, too

[network]          # two by two
layers = [2, 2, 1]
activations = ["relu", "relu"]
weights = [
    [[1, "1/2"],   # of node 1
     [0.5, -0.5]],
    # out
    [[1, 1]],
]
biases = [[0.5, 0], [0.5]]
numbering = "source"

# one row
[data]
inputs = [[1, 2.50]]
targets = [[2]]

[training]
batch = "full"     # as it is anyway
learning_rate = 1e-2
loss = "squared_error"
# The end comes next.
[[notes]]
at = "L"
kind = "private"   # mine
text = "Half of it?"
"""
FORMULAS = """\
title = "Mine"
[program]
forward = '''
# one level
z = w*x + b        # a line
'''
loss = "(z - y)^2" # squared
[program.parameters]
# what is learnt
w = 0.5            # slope
b = 0
[data]
columns = ["x", "y"]
rows = [[1, 2],    # Monday
        [3, 4]]
[training]         # slowly
learning_rate = 0.1
optimizer = "momentum"
momentum = 0.5
"""


def own(tmp_path: Path, text: str) -> Session:
    """The session of a lesson in a file."""
    path = tmp_path / "mine.toml"
    path.write_bytes(text.encode())
    return start(open_lesson(str(path)))


def saved(session: Session) -> str:
    """The file that w writes, which reads as it should."""
    now = lesson_now(moment(session))
    text = lesson_text(now)
    assert parse_lesson(text, "x") == parse_lesson(lesson_text(changed(now, own=OwnText())), "x")
    return text


@pytest.mark.parametrize("text", [NETWORK, FORMULAS, NETWORK.replace("\n", "\r\n")])
def test_nothing_is_changed_where_no_number_was(text: str, tmp_path: Path) -> None:
    """The file is the same, but for the ends of its lines."""
    assert saved(own(tmp_path, text)) == text.replace("\r\n", "\n")


def test_a_network_keeps_all_but_its_numbers(tmp_path: Path) -> None:
    """An edit, and nothing else, is what differs."""
    session = after(own(tmp_path, NETWORK), Command("edit", Edit(1, "w2", -0.25)))
    session = after(session, Command("edit", Edit(1, "x2", 3, 1)))
    session = after(session, Command("rate", 0.5))
    expected = NETWORK.replace("[0.5, -0.5]", "[-0.25, -0.5]").replace("2.50", "3").replace("1e-2", "0.5")
    assert saved(session) == expected


def test_formulas_keep_all_but_their_numbers(tmp_path: Path) -> None:
    """After an update the optimiser remembers something: that is added where its table ends."""
    session = replace(own(tmp_path, FORMULAS), update=2)
    text, now = saved(session), moment(session)
    w, b = now.value("w"), now.value("b")
    expected = FORMULAS.replace("w = 0.5 ", f"w = {w!r} ").replace("b = 0\n", f"b = {b!r}\n")
    assert text.startswith(expected)
    assert re.fullmatch(
        r"\s*\[training\.state\]\s*v = .*|\s*\[training.state.v\]\n(?:[wb] = .*\n)+", text[len(expected) :]
    )


def test_what_a_recipe_drew_takes_its_place(tmp_path: Path) -> None:
    """Weights come at the end of their table, before the words that lead to the next."""
    drawn = re.sub(
        r"weights = \[.*?\n\]\nbiases = [^\n]*\n", 'init = "he"  # so\nseed = 3\n', NETWORK, flags=re.DOTALL
    )
    text = saved(own(tmp_path, drawn))
    assert re.search(
        r'numbering = "source"\nweights = \[\s*\[\[[^a-z]*\],?\s*\]\nbiases = .*\n\n# one row\n\[data\]', text
    )
    assert "init" not in text
    assert "seed" not in text


def test_results_of_other_numbers_are_left_out(tmp_path: Path) -> None:
    """What a step was expected to give is not what it gives now; its notes are their author's."""
    text = FORMULAS + '[[notes]]\nat = "L"\ntext = "One."\n[[expect]]\nstep = "z"\nvalue = 0.5\n'
    session = own(tmp_path, text)
    assert saved(session) == text
    assert saved(replace(session, update=3)).count("One.") == 1
    assert "expect" not in saved(replace(session, update=3))


def test_a_kept_session_has_them_too(tmp_path: Path) -> None:
    """Its file may be gone when it is taken up."""
    session = own(tmp_path, NETWORK)
    assert lesson_text(decoded(encoded(session)).lesson) == NETWORK
    untitled = own(tmp_path, NETWORK.partition("\n\n")[2])
    assert lesson_text(decoded(encoded(untitled)).lesson).count("#") == NETWORK.count("#") - 2


def test_notes_stay_however_the_file_is_laid_out(tmp_path: Path) -> None:
    """Also where it is as `w` would write it, and after a rest."""
    notes = (Note("L", "Half of it?", "private"),)
    lesson = changed(shipped_lesson("mazur"), about="Ours.", notes=notes, own=OwnText())
    session = own(tmp_path, lesson_text(lesson))
    for taken_up in (session, decoded(encoded(session))):
        now = lesson_now(moment(replace(taken_up, update=2)))
        assert (now.about, now.notes) == (lesson.about, lesson.notes)
    assert encoded(session.for_class).count(b"Half") == 0
    assert lesson_now(moment(replace(decoded(encoded(session.for_class)), update=2))).notes == ()


def test_followers_get_no_comments(tmp_path: Path) -> None:
    """They may be as private as a private note."""
    sent = encoded(own(tmp_path, NETWORK).for_class)
    assert b"10b" not in sent
    assert b"Half" not in sent
    assert b"Monday" not in encoded(own(tmp_path, FORMULAS).for_class)


def test_comments_that_came_later_are_kept(tmp_path: Path) -> None:
    """The same lesson is opened anew, with other words beside it."""
    session = own(tmp_path, FORMULAS)
    again = after(session, Command("open", own(tmp_path, FORMULAS.replace("Monday", "Tuesday")).lesson))
    assert again.lesson == session.lesson
    assert "Tuesday" in saved(again)


def test_a_shipped_lesson_says_where_it_comes_from() -> None:
    """Its words are about its own numbers."""
    now = lesson_now(moment(replace(start(shipped_lesson("mazur")), update=2)))
    assert now.about.startswith("Saved from “Mazur's example” at update 2, step 0.")
    assert (now.notes, now.expect) == ((), ())


def test_what_does_not_fit_into_the_text_is_written_without_it(tmp_path: Path) -> None:
    """Whatever is done to a lesson, its file reads as it."""
    lesson = own(tmp_path, NETWORK).lesson
    other = changed(
        lesson, notes=(Note("L", "New."), Note("dL/dw1", "Newer.")), data=shipped_lesson("lecture").data
    )
    assert parse_lesson(lesson_text(other), "x") == other
    long = own(tmp_path, NETWORK + "#" * 60_000).lesson
    changed_long = changed(long, about="Changed.")
    assert parse_lesson(lesson_text(changed_long), "x") == changed_long


@pytest.mark.parametrize("name", ["mazur", "softmax-3", "points", "recurrent", "gpt-block", "valley"])
def test_copies_of_shipped_lessons(name: str, tmp_path: Path) -> None:
    """Every line that has no number in it stays."""
    text = shipped_text(name).replace('file = "points.csv"', 'file = "points.csv" # there')
    (tmp_path / "points.csv").write_bytes(shipped_lesson_file())
    session = replace(own(tmp_path, text), update=2)
    words = [
        line
        for line in re.sub(r"\[\[expect\]\](?:\n\w.*)*", "", text).split("\n")
        if not re.search(r"\d|^file|^init", line)
    ]
    lines = saved(session).split("\n")
    assert [line for line in words if line not in lines] == []


def shipped_lesson_file() -> bytes:
    """The points of the lesson of that name."""
    from importlib.resources import files

    return files("tinynet_tui.lessons").joinpath("builtin/points.csv").read_bytes()


def test_many_samples_are_beside_the_file_and_its_comments_stay(tmp_path: Path) -> None:
    """The name of their file is what changes."""
    (tmp_path / "many.csv").write_text("x,y\n" + "1,2\n" * 300)
    text = re.sub(r"columns = .*?\]\]", 'file = "many.csv" # all', FORMULAS, flags=re.DOTALL)
    text = text.replace("learning_rate", "batch = 8\nlearning_rate")
    session = own(tmp_path, text)
    write_lesson(session.lesson, tmp_path / "saved.toml")
    assert (tmp_path / "saved.toml").read_text() == text.replace("many.csv", "saved.csv")


def test_it_is_no_key(tmp_path: Path) -> None:
    """A file that writes it has an unknown one."""
    with pytest.raises(LessonFault) as found:
        own(tmp_path, f'own = {{ text = "a" }}\n{NETWORK}')
    assert [line for line in found.value.lines if "own: unknown key; the keys here are title, " in line]


ODD = {
    "tables in lines": """title = "a" # t
network = { layers = [1, 1], activations = ["linear"], init = "uniform", seed = 3 } # n
data = { inputs = [[1]], targets = [[2]] } # d
training = { learning_rate = 0.1, loss = "squared_error", optimizer = "momentum" } # m
""",
    "another order": """[program.parameters] # p
w = 2
[data] # d
columns = ["x", "y"]
rows = [[1, 3]]
[program] # of this
forward = "z = w*x"
loss = "(z-y)^2"
[training]
learning_rate = 0.1
optimizer = "adam" # a
""",
    "a state": """[program]
forward = "z = w[1]*x + w[2]"
loss = "(z-y)^2"
[program.parameters] # p
w = [2,
    # second
    "1/3" # third
]
[data] # d
columns = ["x", "y"]
rows = [[1, 3]]
[training]
learning_rate = 0.1
optimizer = "momentum" # o
[training.state] # s
v = { "w[1]" = 0.5 } # v
""",
    "a recipe": """# top
[program]
forward = "z = w[1]*x + w[2]"
loss = "(z-y)^2"
# recipes
[program.init] # i
"w*" = { init = "uniform", shape = [2], seed = 4 } # w
# data
[data] # d
columns = ["x", "y"]
rows = [[1, 3]]
[training] # t
learning_rate = 0.1
""",
    "what does nothing later": """title = "a"
[network] # n
layers = [1, 1]
activations = ["linear"]
init = "he" # i
seed = 1 # s
[data]
inputs = [[1]]
targets = [[2]]
[training]
learning_rate = 0.1
loss = "squared_error"
# first
[[expect]] # e
step = "yhat" # y
value = 0.5
# between
[[expect]]
step = "L"
# within
value = 2.25 # l
# the end
""",
    "other quotes": """"title" = 'q' # t
["network"] # n
'layers' = [1, 1]
activations = ["linear"]
init = "uniform" # i
[data]
inputs = [[1]]
targets = [[2]]
[training]
learning_rate = 1e-1 # r
loss = "squared_error" # the end""",
}


@pytest.mark.parametrize("name", ODD)
def test_all_comments_stay_however_it_is_written(name: str, tmp_path: Path) -> None:
    """Also those of what had to go."""
    text = saved(replace(own(tmp_path, ODD[name]), update=3))
    assert re.findall("#.*", text) == re.findall("#.*", ODD[name])


def test_what_the_library_cannot_change_is_written_without_comments(tmp_path: Path) -> None:
    """Keys with dots, of which some have to go."""
    dotted = 'title = "a" # t\nnetwork.layers = [1, 1]\nnetwork.activations = ["linear"]\n'
    dotted += 'network.init = "uniform"\n'
    dotted += "data.inputs = [[1]]\ndata.targets = [[2]]\ntraining.learning_rate = 0.1\n"
    saved(replace(own(tmp_path, f'{dotted}training.loss = "squared_error"\n'), update=3))


def test_comments_that_are_lost_are_counted(tmp_path: Path) -> None:
    """All of a text too long to change, those in a list that gets longer; none that only looks like one."""
    long = NETWORK + "\n".join(
        f"# line {number} of the notes of a careful teacher" for number in range(1_500)
    )
    edited = after(own(tmp_path, long), Command("edit", Edit(1, "w2", -0.25)))
    assert comments_lost(long, saved(edited)) == long.count("#")
    row = changed(own(tmp_path, FORMULAS).lesson.data, rows=((1, 2), (3, 4), (5, 6)))
    assert comments_lost(FORMULAS, lesson_text(changed(own(tmp_path, FORMULAS).lesson, data=row))) == 1
    assert comments_lost(NETWORK, saved(own(tmp_path, NETWORK))) == 0
    signs = "title = \"a # \\\" # b\"  # one\nabout = '''it's # so\n#'''\n"
    signs += 'text = """# \\"""" # no""" # two'
    assert comments_lost(signs, "") == 2
