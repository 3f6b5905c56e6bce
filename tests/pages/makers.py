"""A programme with people, a published questionnaire and a wave, for tests of pages."""

from __future__ import annotations

from service.actions import authoring, people, programmes, waves
from service.actions.programmes import Charter, Programme, Target
from service.actions.waves import Draft
from service.database import Database
from service.settings import Settings
from service.store.waves import Wave

ROSTER = "工号,姓名,部门,岗位,流程角色,邮箱,手机\n" + "".join(
    f"{1000 + number},员工{number},{('客户服务部/投诉组', '物流部/华东仓', '质量部')[number % 3]},专员,"
    f"{('经办', '上游', '下游')[number % 3]},,\n"
    for number in range(1, 61)
)


async def programme(database: Database, *, roster: bool = True) -> Programme:
    target = Target(metric="客户投诉闭环时长", unit="h", baseline=72, target=48, direction="decrease")
    charter = Charter(
        name="客户投诉处理流程优化 V2.0", process="客户投诉处理", scope="从受理到闭环", owner="客户服务部 张敏",
        sponsor="运营副总 李强", targets=(target,),
    )  # fmt: skip
    made = await programmes.create(database, charter)
    if roster:
        await people.import_roster(database, made.id, "名单.csv", ROSTER.encode())
    return made


async def wave(database: Database, settings: Settings, found: Programme, *, opened: bool = True, **chosen) -> Wave:
    version = await authoring.publish_library(database, chosen.pop("questionnaire", "complaint-diagnosis"))
    given = {
        "version": version.id, "title": "现状基线调研", "role": "baseline", "anonymity": "anonymous",
        "public_link": True, **chosen,
    }  # fmt: skip
    made = await waves.create(database, found.id, "diagnosis", Draft(**given))
    if opened:
        await waves.open_wave(database, settings, made)
    return await waves.get(database, found.id, made.id)
