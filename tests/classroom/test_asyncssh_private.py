"""The private names of asyncssh that the server uses: few, in one file, and there in what is installed."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path
from textwrap import dedent
from types import FunctionType

import asyncssh
import pytest
from asyncssh.channel import SSHChannel, SSHServerChannel
from asyncssh.connection import SSHConnection

import tinynet_tui.classroom
from tinynet_tui.classroom import ssh_server

NAMES = {
    "_transport": SSHConnection.connection_made,
    "_max_recv_pktlen": SSHConnection._recv_pkthdr,
    "_recv_handler": SSHConnection._recv_data,
    "_deferred_packets": SSHConnection._send_deferred_packets,
    "_env": SSHChannel.__init__,
    "_process_env_request": SSHServerChannel,
}
"""Each with the piece of asyncssh that gives it its meaning."""


def _named(source: str) -> set[str]:
    """The attributes that a piece of source names, and the functions that it defines."""
    tree = ast.walk(ast.parse(dedent(source)))
    return {
        node.attr if isinstance(node, ast.Attribute) else node.name
        for node in tree
        if isinstance(node, ast.Attribute | ast.FunctionDef)
    }


@pytest.mark.parametrize(("name", "where"), NAMES.items())
def test_a_private_name_is_where_it_was(name: str, where: FunctionType | type) -> None:
    """In the very piece that gives it its meaning."""
    assert name in _named(inspect.getsource(where)), f"asyncssh {asyncssh.__version__} has moved {name}"


def test_the_server_has_no_others() -> None:
    """Of what it names by a private name, all but these is its own."""
    source = inspect.getsource(ssh_server)
    private = {name for name in _named(source) if name.startswith("_") and not name.startswith("__")}
    theirs = set().union(*(dir(kind) for kind in (SSHConnection, SSHServerChannel))) | {*NAMES}
    assert private & theirs - {*NAMES} == set()
    assert private >= {*NAMES}
    for path in Path(tinynet_tui.classroom.__file__).parent.glob("*.py"):
        if path.name != "ssh_server.py":
            assert not _named(path.read_text(encoding="utf-8")) & ({*NAMES} - {"_transport"}), path.name
