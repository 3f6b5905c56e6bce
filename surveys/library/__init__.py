"""The built-in questionnaires: YAML files beside this module."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from surveys.definition import Questionnaire
from surveys.formats import yaml
from surveys.problem import has_errors, problem


class LibraryError(LookupError):
    """There is no such built-in questionnaire, or its file is broken."""


def names() -> tuple[str, ...]:
    """All built-in questionnaires, alphabetically."""
    found = (entry.name for entry in files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in found if name.endswith(".yaml")))


def source(name: str) -> str:
    """The YAML text of a built-in questionnaire. Raises ``LibraryError``."""
    if name not in names():
        raise LibraryError(problem("no_such_questionnaire", "", name=name).say("en"))
    return (files(__name__) / f"{name}.yaml").read_text(encoding="utf-8")


@lru_cache(maxsize=32)
def load(name: str) -> Questionnaire:
    """A built-in questionnaire. Raises ``LibraryError``."""
    questionnaire, problems = yaml.read(source(name))
    if questionnaire is None or has_errors(problems):
        raise LibraryError("; ".join(f"{name}.yaml:{each.line}: {each.say('en')}" for each in problems))
    return questionnaire
