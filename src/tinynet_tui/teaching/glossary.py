"""The glossary: what a word or a sign means, in one sentence, with a number of the moment in it.

Every word of the app that school algebra does not have is here; a test keeps it so.
"""

from typing import NamedTuple

from tinynet_tui.rules.activations import activated_in
from tinynet_tui.session.keys import OF_TABLE, Keys
from tinynet_tui.session.moment import Moment
from tinynet_tui.teaching.chain import products
from tinynet_tui.teaching.glossary_derivatives import DERIVATIVES
from tinynet_tui.teaching.glossary_here import Here, Meanings
from tinynet_tui.teaching.glossary_models import MODELS
from tinynet_tui.teaching.glossary_networks import NETWORKS
from tinynet_tui.teaching.glossary_training import TRAINING


class GlossaryEntry(NamedTuple):
    """One entry, as it is shown and found."""

    signs: str
    """The signs of it, or what it is called elsewhere; both are found."""
    word: str
    meaning: str
    """What it is, and what it is here and now."""


def glossary(moment: Moment, keys: Keys = OF_TABLE) -> tuple[GlossaryEntry, ...]:
    """Every entry that a moment's model has a use for: those of all, then those of its own rules."""
    names, selected = moment.model.parameter_names, moment.session.selected
    parameter = selected if selected in names else names[0]
    found = products(moment.program, f"dL/d{parameter}")
    reader = found[0][0].removeprefix("dL/d") if found else "L"
    activations = activated_in(moment.model)
    activated = next((each for each in activations if each.z == reader), next(iter(activations), None))
    here = Here(moment, parameter, reader, activated, keys)
    said: Meanings = {}
    for subject in (*DERIVATIVES, *NETWORKS, *TRAINING, *MODELS):
        subject(here, said)
    return tuple(GlossaryEntry(signs, word, meaning) for (word, signs), meaning in said.items())
