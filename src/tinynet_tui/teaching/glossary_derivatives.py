"""What the glossary says of derivatives: factors and paths, slopes, nudges."""

from tinynet_tui.engine.names import symbol
from tinynet_tui.rules.softmax import softmaxes_in
from tinynet_tui.teaching.chain import chain, counted, path_count
from tinynet_tui.teaching.glossary_here import Here, Meanings, Subject
from tinynet_tui.teaching.nudge import seen_nudge


def _derivatives(here: Here, said: Meanings) -> None:
    said["derivative", "∂ d"] = (
        "∂u/∂v, read d u by d v: how many times as much u changes as v, for a tiny change of v alone. "
        f"{here.is_(here.local)}."
    )
    said["gradient", "∂L/∂w"] = (
        "How many times as much the loss changes as one number does, for a tiny change: "
        f"{here.is_(here.gradient)}. Above 0: a larger number means a larger loss."
    )
    said["numerical gradient", ""] = (
        "A gradient without the chain rule: L with a number a little larger, minus L with it a little "
        "smaller, divided by the difference of the two numbers. It shows whether the chain rule was done "
        f"right. By the chain rule {here.is_(here.gradient)}."
    )


def _products(here: Here, said: Meanings) -> None:
    found = chain(here.moment, here.gradient)
    path = found.paths[0]
    if path.came is None or found.count > 1 or len(path.factors) == 1:
        rule = (
            "Changes along a path multiply: if h moves 3 times as much as w, and L 2 times as much as h, "
            "L moves 3 · 2 = 6 times as much as w."
        )
    else:
        rule = (
            f"Changes along a path multiply, so a gradient is a product: {symbol(here.gradient)} "
            f"{path.reads} {' · '.join(path.numbers)} {path.came.sign} {path.came.value}."
        )
    said["chain rule", "·"] = rule
    said["factor", ""] = (
        f"A number that is multiplied in a product: that of {symbol(here.parameter)} has "
        f"{len(path.factors)}, the first {here.is_(path.factors[0])}."
    )


def _paths(here: Here, said: Meanings) -> None:
    count = path_count(here.moment.program, here.gradient)
    ways = (
        "1 leads, so the gradient is 1 product"
        if count == 1
        else f"{counted(count)} lead, so the gradient is a sum of as many products"
    )
    said["path", "1: 2a: 5:?"] = (
        "One way from a number to the loss, step by step; what each step passes on is multiplied. Beside a "
        "number in the diagram 2a is the second factor of path a, 5:? a fifth that is not known yet. "
        f"Where several paths lead, their products are added: from {symbol(here.parameter)} {ways}."
    )


def _slopes(here: Here, said: Meanings) -> None:
    said["local derivative", ""] = (
        f"The derivative of one step by what it reads, nothing in between: {here.is_(here.local)}."
    )
    steep, at = "How steep a curve is at a point: the derivative there", here.activated
    if at is None:
        now = f"{here.is_(here.local)}."
    else:
        where = "" if here.moment.value(at.z) is None else f"At {here.is_(at.z)}, "
        stroke = f"{at.function.title}′ means the slope of {at.function.noun}."
        now = f"{where}{here.is_(f'd{at.name}/d{at.z}')}. {stroke}"
    said["slope", "′ prime"] = f"{steep}. {now}"


_CHANGES = "“(changes)” behind it: its numbers are by how much each one changes."


def _nudges(here: Here, said: Meanings) -> None:
    small = "A small change of one number, to see what comes of it"
    if here.moment.value("L") is None or here.moment.value(here.gradient) is None:
        said["nudge", "(changes)"] = f"{small}: by 0.01, say. {_CHANGES}"
        return
    nudged = seen_nudge(here.moment, here.parameter, of_batch=False)
    by, change = here.number(nudged.by), here.number(nudged.change)
    said["nudge", "(changes)"] = (
        f"{small}: {nudged.name} changed by {by} changes L by {change}. “Gradient says” is the "
        f"gradient times that change. {_CHANGES}"
    )


def _slopes_of_softmax(here: Here, said: Meanings) -> None:
    for softmax in softmaxes_in(here.model)[:1]:
        share = " / ".join(map(symbol, (softmax.exponentials[0], softmax.total)))
        said["quotient rule", "u / v"] = (
            "How u / v changes: 1 / v times as much as u, and −u / v² times as much as v, as a larger v "
            f"makes it smaller. At u = 6 and v = 2: 0.5 and −1.5. Such as {share} here: "
            f"{here.is_(softmax.total)}."
        )
        said["off-diagonal", ""] = (
            "How the z of one share changes the other shares, which is often forgotten: a larger z makes "
            f"all of these smaller. Now {here.is_(softmax.outputs[0])}."
        )


DERIVATIVES: tuple[Subject, ...] = (
    *(_derivatives, _products, _paths, _slopes),
    *(_nudges, _slopes_of_softmax),
)
