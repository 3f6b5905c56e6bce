"""kill -9 amid submissions: every acknowledged answer is there exactly once. ``make campaign`` kills 200 times."""

from __future__ import annotations

import pytest

from service.settings import Settings
from tests.faults.kill import Result, campaign


def judge(result: Result) -> None:
    print(result)
    assert result.lost == set()
    assert result.repeated == set()
    assert result.acknowledged > result.kills
    assert result.resent > 0, "no kill hit a request"
    # the usual one: the slowest tells of whatever else the machine did, and is printed
    assert result.usual_return <= 5


async def test_eight_kills_lose_and_repeat_nothing(settings: Settings):
    judge(await campaign(settings, kills=20))


@pytest.mark.campaign
async def test_two_hundred_kills_lose_and_repeat_nothing(settings: Settings):
    judge(await campaign(settings, kills=200, devices=16))
