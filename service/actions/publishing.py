"""Publishing with a look at what changed, and moving a running wave to a newer version where its answers keep their
meaning. What participants were promised (anonymity, thresholds) belongs to the wave and stays as it was."""

from __future__ import annotations

from uuid import UUID

import msgspec

from service.actions import authoring
from service.actions.authoring import Checked
from service.database import Database
from service.errors import Conflict, NotFound
from service.store import audit, questionnaires, waves
from service.store.questionnaires import PublishedVersion
from service.store.waves import Wave
from surveys.versions import Change, changes, refusals


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What publishing would do: the working copy as checked, the last version, and what changed since."""

    checked: Checked
    last: PublishedVersion | None
    changes: tuple[Change, ...] = ()

    @property
    def unchanged(self) -> bool:
        return self.last is not None and self.checked.definition == self.last.definition

    @property
    def refused(self) -> tuple[Change, ...]:
        """What keeps waves that are running now at the last version."""
        return refusals(self.changes)


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """A running wave's step to the newest version. ``refused`` says why not, empty where it may."""

    old: PublishedVersion
    new: PublishedVersion
    changes: tuple[Change, ...]

    @property
    def refused(self) -> tuple[Change, ...]:
        return refusals(self.changes)


async def plan(database: Database, name: str) -> Plan:
    """Raises NotFound where there is no working copy of that name."""
    source, copy = await authoring.source_of(database, name)
    if copy is None:
        raise NotFound
    checked = await authoring.to_publish(database, source)
    last = next(iter(await questionnaires.versions(database, copy.id)), None)
    if last is None or checked.definition is None:
        return Plan(checked=checked, last=last)
    return Plan(checked=checked, last=last, changes=changes(last.definition, checked.definition))


async def publish(
    database: Database, name: str, *, account: UUID | None = None
) -> tuple[Checked, PublishedVersion | None]:
    """The working copy as a version. Raises NotFound."""
    source, copy = await authoring.source_of(database, name)
    if copy is None:
        raise NotFound
    return await authoring.publish(database, source, account=account)


async def compare(database: Database, name: str, old: int, new: int) -> Move:
    """Two published versions side by side. Raises NotFound."""
    before, after = await authoring.version(database, name, old), await authoring.version(database, name, new)
    return Move(old=before, new=after, changes=changes(before.definition, after.definition))


async def newer(database: Database, wave: Wave) -> Move | None:
    """The newest version where a running wave distributes an older one."""
    if wave.state != "open":
        return None
    current = await questionnaires.version(database, wave.version)
    if current is None:
        raise NotFound
    newest = (await questionnaires.versions(database, current.questionnaire))[0]
    if newest.number <= current.number:
        return None
    return Move(old=current, new=newest, changes=changes(current.definition, newest.definition))


async def move(database: Database, wave: Wave, version: UUID, *, account: UUID | None = None) -> None:
    """Takes the wave to ``version``, which must be the newest. Raises Conflict where it is not any more, where the
    wave was closed or moved meanwhile, or where answers would change their meaning."""
    step = await newer(database, wave)
    if step is None or step.new.id != version or step.refused:
        raise Conflict
    async with database.writing():
        if not await waves.change_version(database, wave.id, step.old.id, version):
            raise Conflict
        await audit.record(
            database, account=account, programme=wave.programme, action="wave.version", subject=wave.title,
            detail={"questionnaire": step.new.name, "from": step.old.number, "to": step.new.number,
                    "changes": len(step.changes)},
        )  # fmt: skip
