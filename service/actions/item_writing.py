"""A posted form of an item: its rows changed, or read, checked and saved."""

from __future__ import annotations

from uuid import UUID

import msgspec

from service.actions import items
from service.database import Database
from service.store.items import Bank, Entry
from surveys.exams.check_items import check_item
from surveys.exams.item_form import Plain
from surveys.exams.item_reading import Form, changed, made, missing_place, pruned, read
from surveys.problem import Problem, has_errors


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a form. ``wrong``: field to the key of what is wrong with it; ``problems``: of the item."""

    code: str
    data: Plain
    saved: bool = False
    wrong: dict[str, str] = {}
    problems: tuple[Problem, ...] = ()


async def write(
    database: Database, bank: Bank, seen: Entry | None, item_type: str, form: Form, *, account: UUID | None = None
) -> Written:
    """``deed`` of the form is ``save``, or changes its rows. ``number`` is the version that its author saw."""
    deed, code = form.get("deed", ("save",))[-1], seen.code if seen else form.get("code", ("",))[-1].strip()
    data, unread = read(form, item_type)
    if deed != "save":
        return Written(code=code, data=changed(data, deed))
    if unread:
        return Written(code=code, data=data, wrong={place: f"items.error.{what}" for place, what in unread.items()})
    if seen is not None and form.get("number", ("",))[-1] != str(seen.number):
        return Written(code=code, data=data, wrong={"number": "items.error.changed"})
    data = pruned(data)
    try:
        item = made(data, code, "draft")
    except msgspec.ValidationError as fault:
        missing = missing_place(str(fault))
        return Written(
            code=code, data=data, wrong={missing: "items.error.needed" if missing else "items.error.unreadable"}
        )
    problems = check_item(item)
    if has_errors(problems):
        return Written(code=code, data=data, problems=tuple(problems))
    wrong = await items.save(database, bank, seen, item, account=account)
    return Written(code=code, data=data, saved=not wrong, wrong=wrong)
