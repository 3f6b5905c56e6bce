"""Candidates of one exam, in a process of their own, to 127.0.0.1 only: ``python -m benchmarks.exam_load``.

Read as JSON on standard input: ``{"ports", "exam", "tokens", "opens", "closes"}``, times in seconds since 1970. Every
candidate waits at the door, starts when it opens, takes the whole paper, answers each item at moments spread over the
exam, and hands in within its last ten seconds (or last third). Whoever gets no answer asks the next port again, as a
browser and its script do. Prints one JSON object: times by kind of request, what was acknowledged, what failed.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import sys
import time
from typing import Any

import httptools

from benchmarks.load import Connection

PATIENCE = 30.0  # seconds for which a request is asked again
ANSWER = 10.0  # seconds until an answer is given up
SHEET = re.compile(r'data-sheet="(\d+)"(.*?)</section>', re.S)
OPTION = re.compile(r'type="radio" name="(\w+)" value="(\w+)"')


class Reader(Connection):
    """A connection that keeps what it gets: body and address to go on to."""

    def on_message_begin(self) -> None:
        self.body, self.location = b"", ""

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        if name.lower() == b"location":
            self.location = value.decode()

    def on_body(self, data: bytes) -> None:
        self.body += data


class Candidate:
    def __init__(self, plan: dict[str, Any], number: int) -> None:
        self.plan, self.number = plan, number
        self.chance = random.Random(number)
        self.port = number % len(plan["ports"])
        self.cookies: dict[bytes, bytes] = {}
        self.connection: Reader | None = None
        self.times: dict[str, list[float]] = {}
        self.acknowledged: dict[int, str] = {}
        self.again = 0
        self.faults: list[str] = []
        self.receipt = False

    async def ask(self, kind: str, method: str, path: str, body: str = "", content: str = "") -> tuple[int, str, str]:
        """Status, address to go on to, body; asked again elsewhere where nobody answers or the service is busy."""
        head = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Sec-Fetch-Site: same-origin"]
        if self.cookies:
            head.append("Cookie: " + "; ".join(f"{k.decode()}={v.decode()}" for k, v in self.cookies.items()))
        if method == "POST":
            head += [f"Content-Type: {content}", f"Content-Length: {len(body.encode())}"]
        request = ("\r\n".join(head) + "\r\n\r\n" + body).encode()
        began = time.perf_counter()
        while True:
            status = await self._send(request)
            if status and status != 503:
                break
            if time.perf_counter() - began > PATIENCE:
                self.faults.append(f"{kind} {status}")
                raise TimeoutError(kind)
            self.again += 1
            self.port = (self.port + 1) % len(self.plan["ports"])
            self.connection = None
            await asyncio.sleep(0.2)
        assert self.connection is not None
        self.times.setdefault(kind, []).append(time.perf_counter() - began)
        self.cookies |= self.connection.cookies
        if not 200 <= status < 400:
            self.faults.append(f"{kind} {status}")
        return status, self.connection.location, self.connection.body.decode()

    async def _send(self, request: bytes) -> int:
        try:
            if self.connection is None or self.connection.closed:
                port = self.plan["ports"][self.port]
                loop = asyncio.get_running_loop()
                _, self.connection = await loop.create_connection(Reader, "127.0.0.1", port)
            async with asyncio.timeout(ANSWER):
                return await self.connection.send(request)
        except (OSError, TimeoutError, httptools.HttpParserError):
            return 0

    async def sit(self) -> None:
        form, door = "application/x-www-form-urlencoded", f"/exam/{self.plan['exam']}"
        await asyncio.sleep(self.number * 0.005)
        await self.ask("door", "GET", f"/e/{self.plan['tokens'][self.number]}")
        await self.ask("door", "GET", door)
        await until(self.plan["opens"])
        _, first, _ = await self.ask("start", "POST", f"{door}/start", "attempt=1", form)
        if first == door:  # it had begun, and the answer was lost: the door offers to go on
            _, first, _ = await self.ask("start", "POST", f"{door}/take", "", form)
        base = first.rpartition("/")[0]
        await self.ask("start", "GET", first)
        await asyncio.sleep(self.chance.random() * 8)  # as the script does
        _, _, paper = await self.ask("paper", "GET", f"{base}/all")
        sheets = [(int(number), OPTION.findall(text)) for number, text in SHEET.findall(paper)]
        rest = min(10.0, (self.plan["closes"] - self.plan["opens"]) / 3)
        last = self.plan["closes"] - rest
        moments = sorted(self.chance.uniform(time.time(), last) for _ in sheets)
        for (number, options), moment in zip(sheets, moments, strict=True):
            await until(moment)
            name, value = self.chance.choice(options)
            answer = {"number": number, "revision": 1, "fields": {name: [value]}}
            body = json.dumps({"answers": [answer], "position": number})
            status, _, _ = await self.ask("save", "POST", f"{base}/save", body, "application/json")
            if status == 200:
                self.acknowledged[number] = value
        await until(last + self.chance.random() * rest * 0.95)
        await self.ask("submit", "POST", f"{base}/submit", "", form)
        _, _, done = await self.ask("receipt", "GET", door)
        self.receipt = 'id="code"' in done


async def until(moment: float) -> None:
    await asyncio.sleep(max(0.0, moment - time.time()))


async def run(plan: dict[str, Any]) -> dict[str, Any]:
    candidates = [Candidate(plan, number) for number in range(len(plan["tokens"]))]
    ended = await asyncio.gather(*(each.sit() for each in candidates), return_exceptions=True)
    times: dict[str, list[float]] = {}
    for each in candidates:
        for kind, taken in each.times.items():
            times.setdefault(kind, []).extend(taken)
    return {
        "times": {kind: sorted(taken) for kind, taken in times.items()},
        "acknowledged": {plan["tokens"][each.number]: each.acknowledged for each in candidates},
        "receipts": sum(each.receipt for each in candidates),
        "asked_again": sum(each.again for each in candidates),
        "faults": [fault for each in candidates for fault in each.faults]
        + [repr(each) for each in ended if isinstance(each, BaseException) and not isinstance(each, TimeoutError)],
    }


def main() -> None:
    import uvloop

    print(json.dumps(uvloop.run(run(json.load(sys.stdin)))))


if __name__ == "__main__":
    main()
