"""The recording of the README: of the app as it is, small, and a still picture where nothing may move."""

from __future__ import annotations

import asyncio
import importlib.util
import re
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

ROOT = Path(__file__).parents[1]
KEPT = (ROOT / "screenshots" / "recording.svg").read_text(encoding="utf-8")
SVG = "{http://www.w3.org/2000/svg}"


def _script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("recording", ROOT / "screenshots" / "recording.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_it_is_of_the_app_as_it_is() -> None:
    """`python screenshots/recording.py` would change nothing."""
    assert asyncio.run(_script().recording()) == KEPT


def test_it_is_small_and_loads_nothing() -> None:
    """Under 300 KB, well-formed, and no address in it but the name of the format."""
    assert len(KEPT.encode()) < 300_000
    ElementTree.fromstring(KEPT)
    assert set(re.findall(r"\w+://[^\"]*", KEPT)) == {"http://www.w3.org/2000/svg"}


def test_it_has_a_text_in_its_place() -> None:
    """A name and a description for whoever cannot see it, which the root names."""
    root = ElementTree.fromstring(KEPT)
    told = {element.get("id"): element.text or "" for element in (root[0], root[1])}
    assert [element.tag for element in (root[0], root[1])] == [f"{SVG}title", f"{SVG}desc"]
    assert (root.get("role"), root.get("aria-labelledby")) == ("img", "title about")
    assert all(told[name] for name in ("title", "about"))


def test_it_is_still_on_paper_and_where_no_motion_is_wanted() -> None:
    """Then the frames up to one are seen, and none after it: that of step 18, in the backward pass."""
    still = re.search(r"@media print,\(prefers-reduced-motion:reduce\)\{(.*?)\}\}?", KEPT)
    assert still is not None
    assert still[1] == ".f{animation:none!important"
    root = ElementTree.fromstring(KEPT)
    frames = [group.get("id", "") for group in root if group.tag == f"{SVG}g"]
    later = next(group for group in root if group.get("class") == "later")
    assert frames == [*(f"f{number}" for number in range(19)), ""]
    assert {group.get("class") for group in later} == {"f"}
    assert ".later .f{visibility:hidden}" in KEPT
    texts = [text.text for group in root if group.get("id") == "f18" for text in group.iter(f"{SVG}text")]
    assert "Now it carries the gradient back." in " ".join(filter(None, texts))


def test_the_picture_of_the_readme_is_told_in_words() -> None:
    """By the text of its link."""
    text = re.search(
        r"!\[(.*?)\]\(screenshots/recording.svg\)", (ROOT / "README.md").read_text(encoding="utf-8")
    )
    assert text is not None
    assert all(word in text[1] for word in ("update", "prediction", "class"))
