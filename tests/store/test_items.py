"""Banks of exam items."""

from __future__ import annotations

import msgspec

from service.database import Database
from service.store import items
from service.store.items import Search
from tests.store import exam_makers as makers


async def _found(database: Database, bank: items.Bank, **narrowed: str) -> list[str]:
    entries, total = await items.search(database, bank.id, Search(**narrowed))
    assert total == len(entries)
    return [each.code for each in entries]


async def test_items_are_found_by_words_tags_and_what_they_are(database: Database):
    bank = await makers.bank(database, await makers.programme(database))
    assert await _found(database, bank) == ["i1", "i2", "i3", "i4"]
    assert await _found(database, bank, text="闭环 谁") == ["i2"]
    assert await _found(database, bank, text="CUSTOMER") == ["i1", "i2"]
    assert await _found(database, bank, text="%") == []
    assert await _found(database, bank, tag="首问负责") == ["i1", "i2"]
    assert await _found(database, bank, tag="首问") == []
    assert await _found(database, bank, category="受理") == ["i1", "i2", "i3", "i4"]
    assert await _found(database, bank, category="受理/指派") == ["i3", "i4"]
    assert await _found(database, bank, category="受") == []
    assert await _found(database, bank, type="true_false", state="reviewed") == ["i3"]
    assert await _found(database, bank, difficulty="hard") == ["i2"]


async def test_a_bank_tells_what_its_items_are_filed_under(database: Database):
    bank = await makers.bank(database, await makers.programme(database))
    await items.add(database, bank.id, [makers.single("old", state="retired", category="旧")], None)
    found = await items.facets(database, bank.id)
    assert found.categories == {"受理": 4, "受理/指派": 2}
    assert found.tags == {"首问负责": 2}
    assert found.topics == {}


async def test_a_list_comes_page_by_page(database: Database):
    bank = await makers.bank(database, await makers.programme(database))
    first, total = await items.search(database, bank.id, Search(), size=3)
    second, _ = await items.search(database, bank.id, Search(), page=2, size=3)
    assert [each.code for each in (*first, *second)] == ["i1", "i2", "i3", "i4"]
    assert total == 4


async def test_every_change_is_a_version_and_the_slower_of_two_is_told(database: Database):
    bank = await makers.bank(database, await makers.programme(database))
    entry = await items.named(database, bank.id, "i1")
    assert entry is not None
    harder = msgspec.structs.replace(entry.item, difficulty="hard")
    assert await items.renew(database, entry, harder, None)
    assert not await items.renew(database, entry, msgspec.structs.replace(entry.item, topic="x"), None)
    newest = await items.named(database, bank.id, "i1")
    assert newest is not None
    assert (newest.number, newest.item) == (2, harder)
    assert [each.number for each in await items.versions(database, entry.id)] == [2, 1]
    assert await _found(database, bank, difficulty="hard") == ["i1", "i2"]


async def test_retired_items_are_out_of_sight_but_there(database: Database):
    bank = await makers.bank(database, await makers.programme(database))
    entry = await items.named(database, bank.id, "i1")
    assert entry is not None
    await items.renew(database, entry, msgspec.structs.replace(entry.item, state="retired"), None)
    assert "i1" not in await _found(database, bank)
    assert await _found(database, bank, state="retired") == ["i1"]
    assert [each.code for each in await items.every(database, bank.id, reviewed=True)] == ["i2", "i3"]
    found = await items.bank(database, bank.programme, bank.code)
    assert found is not None
    assert found.items == 3


async def test_a_code_names_one_item_of_a_bank(database: Database):
    owner = await makers.programme(database)
    bank, other = await makers.bank(database, owner), await makers.bank(database, owner, "other")
    assert await items.add(database, bank.id, [makers.single("i1", "别的"), makers.single("i9")], None) == ["i1"]
    assert await items.named(database, other.id, "i9") is None
    assert await items.create_bank(database, owner, bank.code, "又一个") is None
