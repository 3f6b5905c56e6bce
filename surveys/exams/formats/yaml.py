"""YAML <-> items: a map with ``items``, or the bare list; each is the Struct key by key."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from surveys.exams.items import BankItem
from surveys.formats import yaml
from surveys.formats.nodes import Reader, mapping, scalar
from surveys.formats.yaml_writer import dump
from surveys.problem import Problem

SIZE_LIMIT = 4 * 1024 * 1024
NODE_LIMIT = 600_000


class Items(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file of items."""

    items: tuple[BankItem, ...]


def read(text: str | bytes) -> tuple[tuple[BankItem, ...] | None, list[Problem]]:
    """The items, or None and what is wrong with the file. Never raises, whatever the bytes."""
    found, problems, _ = _read(text)
    return (None if found is None else found.items), problems


def locate(text: str | bytes, problems: list[Problem]) -> list[Problem]:
    """Problems of ``check`` with their line in a file that ``read`` could read."""
    reader = _read(text)[2]
    return problems if reader is None else [reader.located(each) for each in problems]


def write(items: Iterable[BankItem]) -> str:
    """Items as YAML that ``read`` turns into equal ones."""
    return dump(Items(items=tuple(items)))


def _read(text: str | bytes) -> tuple[Any, list[Problem], Reader | None]:
    root, problems = yaml.compose(text, SIZE_LIMIT, NODE_LIMIT)
    if problems:
        return None, problems, None
    reader = Reader()
    reader.left = NODE_LIMIT
    if root is None:
        return Items(items=()), [], None
    if root.id == "sequence":
        root = mapping([(scalar("items", root.start_mark), root)], root.start_mark)
    found, problems = reader.converted(root, Items)
    return found, problems, reader
