"""How values are written on one line, and taken apart again: wordings, lists, bracketed settings, flow form.

Everything is written plainly where that reads back as the same, else in double quotes (as in JSON), else in YAML's flow
form. So any text survives, and most texts need no escaping at all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, NamedTuple

from surveys.text import DEFAULT_LANGUAGE, LANGUAGE_ALIASES, Text

QUOTED = re.compile(r'"(?:[^"\\\n]|\\.)*"')
ARROW = " => "
COMMAS = ",，、"
BAR = re.compile(r"(?:^|\s)\|(?:\s|$)|｜")

_WORD = re.compile(r"[^\W\d][\w.]*(?:-[\w.]+)*")
_UNPRINTABLE = re.compile("[\x7f-\xa0\u2028\u2029\ufeff\ufffe\uffff]")
_OPEN, _CLOSE = "[{【(（", "]}】)）"
BRACKETS = _OPEN + _CLOSE
_CODE = re.compile(r"(?<!\{)\{([A-Za-z][A-Za-z0-9_-]*)\}$")
_BARE_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_STARS, _BLANKS = "*＊", "_＿"
_BEFORE = ("|", "｜", ">")  # after these a wording begins, which may be in quotes
_MOST_ANNOTATIONS = 8
_FLOW_WORDS = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}


def quote(text: str) -> str:
    """In double quotes; JSON and YAML both read it."""
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))


def unquote(text: str) -> str:
    """What a text in double quotes says; any other text is itself."""
    if QUOTED.fullmatch(text):
        try:
            return str(json.loads(text, strict=False))
        except ValueError:
            return text
    return text


def flow(data: Any) -> str:
    """Plain data as YAML on one line."""
    if isinstance(data, dict):
        return "{" + ", ".join(f"{flow(key)}: {flow(value)}" for key, value in data.items()) + "}"
    if isinstance(data, list | tuple):
        return "[" + ", ".join(map(flow, data)) + "]"
    if isinstance(data, str):
        return data if _WORD.fullmatch(data) and data.lower() not in _FLOW_WORDS else quote(data)
    return figure(data)


def figure(value: Any) -> str:
    """A number, true, false or null; ``5.0`` is ``5``."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return json.dumps(value)


def is_flow(text: str) -> bool:
    """Whether a value is meant as YAML's flow form. ``{{column}}`` is no map but an earlier answer in words."""
    return (text[:1] == "{" and text[:2] != "{{" and text[-1:] == "}") or (text[:1] == "[" and text[-1:] == "]")


def is_plain(text: str) -> bool:
    """Whether a wording may stand as it is, wherever on a line."""
    if not text or text != text.strip() or not text.replace("　", " ").replace("\u200d", "").isprintable():
        return False
    if text[0] in '"|｜>{[【' and text[:2] != "{{":
        return False
    ending = text[-1] in "]】*＊_＿" or (text[-1] == "}" and not text.endswith("}}"))
    confusing = "=>" in text or ('"' in text and ("[" in text or "【" in text))
    return not ending and not confusing and not BAR.search(text)


def is_listable(text: str) -> bool:
    """Whether a wording may stand plainly in a list parted by commas."""
    return is_plain(text) and not any(each in text for each in COMMAS + ";；:：" + _OPEN + _CLOSE + '"')


def is_enclosed(text: str) -> bool:
    """Whether a word may stand plainly inside brackets: commas only within balanced brackets and quotes."""
    simple = is_plain(text) and not any(each in text for each in "[]【】{}") and '"' not in text
    return simple and split(f"{text},.", COMMAS + ";；") == [text, "."]


def wording(text: Text, plain: Callable[[str], bool] = is_plain) -> str | None:
    """``中文 | English``, or None where a text has other languages or an empty wording. ``plain``: needs no quotes."""
    if not text or not set(text) <= {DEFAULT_LANGUAGE, "en"} or not all(text.values()):
        return None
    sides = {language: each if plain(each) else quote(each) for language, each in text.items()}
    return sides.get(DEFAULT_LANGUAGE, "") + (f" | {sides['en']}" if "en" in sides else "")


def read_wording(written: str) -> Text:
    """The other half of ``wording``."""
    chinese, english = bilingual(written)
    found = {DEFAULT_LANGUAGE: unquote(chinese), "en": unquote(english)}
    return {language: each for language, each in found.items() if each}


def bilingual(written: str) -> tuple[str, str]:
    """The two sides of a bar outside of quotes, still as written."""
    written = written.strip()
    head = QUOTED.match(written)
    bar = BAR.search(written, head.end() if head else 0)
    if bar is None:
        return written, ""
    return written[: bar.start()].strip(), written[bar.end() :].strip()


def arrow(written: str) -> tuple[str, str | None]:
    """Both sides of the first ``=>`` outside of quotes."""
    written, place = written.strip(), 0
    while True:
        quoted = QUOTED.match(written, place)  # a wording in quotes, at the start or after a bar
        place = quoted.end() if quoted else place
        found, bar = written.find("=>", place), BAR.search(written, place)
        if found < 0:
            return written, None
        if bar is None or found < bar.start():
            return written[:found].strip(), written[found + 2 :].strip()
        place = bar.end()


def split(written: str, separators: str = COMMAS) -> list[str]:
    """A list's entries: parted by commas outside of quotes and brackets."""
    entries, depth, start, place, quotes = [], 0, 0, 0, True
    while place < len(written):
        character = written[place]
        if character == '"' and quotes:
            quoted = QUOTED.match(written, place)
            quotes = quoted is not None
            place = quoted.end() if quoted else place + 1
            continue
        if character in _OPEN:
            depth += 1
        elif character in _CLOSE:
            depth = max(depth - 1, 0)
        elif depth == 0 and character in separators:
            entries.append(written[start:place].strip())
            start = place + 1
        place += 1
    entries.append(written[start:].strip())
    return [each for each in entries if each]


class Annotated(NamedTuple):
    """A line without what stands at its end: settings in brackets, ``{code}``, ``*`` and ``___``."""

    body: str
    settings: list[str]
    code: str = ""
    starred: bool = False
    blank: bool = False


def annotated(written: str, *, star: bool = False, blank: bool = False, settings: Any = None) -> Annotated:
    """Takes annotations off a line's end. ``settings`` says of a bracket's entries whether they are any."""
    body, found = written.strip(), Annotated("", [])
    for _ in range(_MOST_ANNOTATIONS):
        if not found.code and (code := _CODE.search(body)):
            found, body = found._replace(code=code[1]), body[: code.start()]
        elif star and body[-1:] in _STARS and body:
            found, body = found._replace(starred=True), body.rstrip(_STARS)
        elif blank and body[-2:-1] in _BLANKS and body[-1:] in _BLANKS and len(body) > 1:
            found, body = found._replace(blank=True), body.rstrip(_BLANKS)
        elif (place := _bracket(body)) is not None:
            entries = split(body[place + 1 : -1], COMMAS + ";；")
            if settings is not None and not settings(entries):
                break
            found, body = found._replace(settings=entries + found.settings), body[:place]
        else:
            break
        body = body.rstrip()
    return found._replace(body=body)


def _bracket(text: str) -> int | None:
    """Where the bracket opens that the text ends with, quotes inside respected; None where it ends with none."""
    if text[-1:] not in ("]", "】"):
        return None
    opened: list[int] = []
    place, quotes = 0, True
    while place < len(text):
        character = text[place]
        if character == '"' and quotes and (opened or place == 0 or text[max(0, place - 2) : place].strip() in _BEFORE):
            quoted = QUOTED.match(text, place)
            quotes = quoted is not None  # an unmatched one is tried once, or a line of them would take forever
            place = quoted.end() if quoted else place + 1
            continue
        if character in "[【":
            opened.append(place)
        elif character in "]】" and opened:
            start = opened.pop()
            if place == len(text) - 1:
                return start
        place += 1
    return None


def short_languages(text: Text) -> Text:
    """The text with ``zh`` for ``zh-CN``, as people write it."""
    short = {language: alias for alias, language in LANGUAGE_ALIASES.items()}
    return {short.get(language, language): each for language, each in text.items()}


def is_code(text: object) -> bool:
    """Whether a code may stand in braces, or bare in a list."""
    return isinstance(text, str) and _BARE_CODE.fullmatch(text) is not None


def is_line(text: str) -> bool:
    """Whether a word may stand as it is after ``key:``."""
    return bool(text) and text == text.strip() and text.isprintable() and not QUOTED.fullmatch(text)
