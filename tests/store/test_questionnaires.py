"""Working copies and versions."""

from __future__ import annotations

from service.actions import authoring
from service.database import Database
from service.store import questionnaires
from surveys import library


async def test_a_version_is_read_as_it_was_published(database: Database):
    definition, source = library.load("process-diagnosis"), library.source("process-diagnosis")
    made, new = await questionnaires.publish(database, definition, source)
    assert new
    assert await questionnaires.version(database, made.id) == made
    assert (made.definition, made.source, made.number) == (definition, source, 1)


async def test_the_same_content_is_the_same_version_and_other_content_the_next(database: Database):
    source = library.source("satisfaction")
    _, first = await authoring.publish(database, source)
    _, again = await authoring.publish(database, source + "\n# a remark changes nothing\n")
    changed = "\n".join(line for line in source.splitlines() if not line.startswith("minutes:")) + "\nminutes: 77\n"
    _, second = await authoring.publish(database, changed)
    assert again == first
    assert (second.number, second.content_hash != first.content_hash) == (2, True)
    assert [each.number for each in await authoring.versions(database, "satisfaction")] == [2, 1]
    assert (await questionnaires.version(database, first.id)).definition == first.definition


async def test_a_working_copy_is_saved_without_touching_what_is_published(database: Database):
    await authoring.publish_library(database, "satisfaction")
    source = library.source("satisfaction") + "\n# draft\n"
    await authoring.save(database, source)
    assert (await authoring.source_of(database, "satisfaction"))[0] == source
    assert (await authoring.version(database, "satisfaction", 1)).source == library.source("satisfaction")


async def test_what_makes_no_sense_is_never_published(database: Database):
    checked, made = await authoring.publish(database, "name: x\nkind: pulse\ntitle: 一\npages: []\n")
    assert made is None
    assert checked.problems
    assert await questionnaires.every(database) == []
