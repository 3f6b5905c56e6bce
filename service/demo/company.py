"""The demo's company: 8 departments, 240 people. The firm and everybody in it are invented.

Addresses are under example.com (RFC 2606) and mobile numbers begin with 100, which no operator assigns to phones.
"""

from __future__ import annotations

import random

from service.store.people import Entry

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓韩冯曹彭曾肖田董袁潘于蒋蔡余杜叶"
    "程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾"
)
GIVEN = (
    "子涵、志远、雨桐、建国、晓燕、文博、丽娟、海涛、静怡、国强、欣然、浩宇、春梅、俊杰、雪梅、明辉、婷婷、立新、佳琪、"
    "永康、秀兰、天佑、思雨、振华、美玲、少华、晓东、红霞、宏伟、诗涵、卫东、慧敏、家豪、玉珍、鹏飞、雅琴、晨曦、世杰、"
    "梦洁、光荣、若曦、庆丰、素芬、一鸣、巧云、绍军、芷若、耀宗、楠、磊、洋、敏、军、倩、勇、颖、超、娜、斌、悦、刚、琳"
)

# department path, side of its people, (position, how many)
TEAMS: tuple[tuple[str, str, tuple[tuple[str, int], ...]], ...] = (
    ("客服中心/热线组", "upstream", (("客服中心经理", 1), ("热线班长", 3), ("热线客服", 18))),
    ("客服中心/投诉组", "operator", (("投诉组长", 1), ("投诉专员", 17))),
    ("客服中心/质检培训组", "operator", (("质检主管", 1), ("服务质检员", 5), ("培训专员", 2))),
    ("销售部/华东区", "upstream", (("销售部经理", 1), ("区域主管", 1), ("销售代表", 11))),
    ("销售部/华南区", "upstream", (("区域主管", 1), ("销售代表", 12))),
    ("销售部/渠道支持组", "upstream", (("渠道主管", 1), ("渠道支持专员", 13))),
    ("质量部/售后质量组", "operator", (("质量部经理", 1), ("质量工程师", 8), ("失效分析员", 5))),
    ("质量部/检验组", "operator", (("检验主管", 1), ("检验员", 13))),
    ("生产部/一车间", "downstream", (("生产部经理", 1), ("车间主任", 1), ("班组长", 3), ("装配工", 15))),
    ("生产部/二车间", "downstream", (("车间主任", 1), ("班组长", 2), ("装配工", 13))),
    ("生产部/返修组", "downstream", (("返修组长", 1), ("返修技师", 9))),
    ("物流部/仓储组", "downstream", (("物流部经理", 1), ("仓储主管", 1), ("仓管员", 12))),
    ("物流部/配送组", "downstream", (("配送主管", 1), ("调度员", 4), ("配送员", 9))),
    ("技术服务部/现场服务组", "downstream", (("技术服务部经理", 1), ("现场服务主管", 1), ("服务工程师", 14))),
    ("技术服务部/技术支持组", "operator", (("技术支持工程师", 10),)),
    ("财务部/应收与退款组", "downstream", (("财务部经理", 1), ("退款会计", 7))),
    ("财务部/费用审核组", "downstream", (("费用审核主管", 1), ("审核会计", 5))),
    ("信息部/业务系统组", "downstream", (("信息部经理", 1), ("系统工程师", 5))),
    ("信息部/运维组", "downstream", (("运维工程师", 4),)),
)
MANAGERS = ("经理", "主管", "主任", "组长")


def is_manager(position: str) -> bool:
    """Whoever approves solutions or runs a team; a 班组长 works on the line."""
    return position.endswith(MANAGERS) and position != "班组长"


def roster(seed: int = 2024) -> list[Entry]:
    """All 240 people by employee number, always the same for a seed. No two have the same name."""
    chance = random.Random(seed)  # noqa: S311 - a story, not a secret
    names = chance.sample([surname + given for given in GIVEN.split("、") for surname in SURNAMES], 240)
    people: list[Entry] = []
    for team, side, positions in TEAMS:
        for position, count in positions:
            for _ in range(count):
                number = len(people) + 1
                people.append(
                    Entry(
                        employee_number=f"CY{number:04}",
                        name=names[number - 1],
                        department=team,
                        position=position,
                        side="manager" if is_manager(position) else side,
                        email=f"cy{number:04}@example.com",
                        mobile=f"100{number:08}",
                    )
                )
    return people
