"""A questionnaire of 1,000 questions and 5,000 conditions: how long the service works on one page of it.

Fifty pages of twenty questions; each question, and each of its four options, has a condition that looks at earlier
questions. All of it is decided anew at every page, so a page near the end costs as much as one at the beginning. Read
and posted over HTTP, one request at a time, on a run in which everything has been answered.
"""

from __future__ import annotations

import http.client
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlencode

from benchmarks.fixture import prepared
from benchmarks.full_response import opened, service
from benchmarks.processes import free_port
from benchmarks.result import Figure
from service.settings import Settings
from surveys.definition import Page, Questionnaire
from surveys.questions import Choice, Single

PAGES, QUESTIONS, OPTIONS = 50, 20, 4


def questionnaire() -> Questionnaire:
    return Questionnaire(
        name="bench-large",
        kind="diagnosis",
        title={"zh-CN": "一千题", "en": "A thousand questions"},
        pages=tuple(
            Page(code=f"p{page}", questions=tuple(_question(page * QUESTIONS + each) for each in range(QUESTIONS)))
            for page in range(PAGES)
        ),
    )


def _question(number: int) -> Single:
    """Its conditions hold where every earlier question is answered by its first option, which all here are."""
    back = [f"q{max(0, number - step)}" for step in (1, 7, 20, 40)]
    conditions = [f'{code} == "o0" or not answered({code})' for code in back] if number else [""] * OPTIONS
    return Single(
        code=f"q{number}",
        text={"zh-CN": f"第 {number + 1} 题：这一步由谁负责？", "en": f"Question {number + 1}: who owns this step?"},
        visible_if=f'{back[0]} in ["o0", "o1"] and {back[1]} != "o3"' if number else "",
        choices=tuple(
            Choice(code=f"o{place}", label={"zh-CN": f"选项 {place + 1}", "en": f"Option {place + 1}"}, visible_if=each)
            for place, each in enumerate(conditions)
        ),
    )


def conditions() -> int:
    questions = list(questionnaire().questions())
    return sum(bool(each.visible_if) for each in questions) + sum(
        bool(part.visible_if) for each in questions for part in each.parts()
    )


def measure(peers: bool = True) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder))
        wave = prepared(settings, questionnaire())
        port = free_port()
        with service(settings, port):
            path, cookie = opened(port, wave.token)
            client = Client(port, cookie)
            posts = [client.post(path, page) for page in range(PAGES - 1)]
            again = [client.post(path, page) for page in range(PAGES - 1)]
            gets = [client.get(f"{path}/p{page}") for page in range(PAGES)]
    yield Figure("conditions", conditions(), "", at_least=4_990)
    yield Figure("first page posted, nothing known in the process", posts[0], "ms")
    for deed, times in (("posted", again), ("read", gets)):
        yield Figure(f"a page {deed}, all answered (median)", median(times), "ms", at_most=100)
        yield Figure(f"a page {deed}, all answered (95 of 100)", quantiles(times, n=20)[-1], "ms")


class Client:
    """One connection; every call returns the milliseconds until the whole answer was there."""

    def __init__(self, port: int, cookie: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port)
        self.headers = {"Cookie": cookie, "Sec-Fetch-Site": "same-origin"}

    def get(self, path: str) -> float:
        return self._timed("GET", path, "", 200)

    def post(self, path: str, page: int) -> float:
        body = urlencode({f"q{page * QUESTIONS + each}": "o0" for each in range(QUESTIONS)})
        return self._timed("POST", f"{path}/p{page}", body, 303)

    def _timed(self, method: str, path: str, body: str, expected: int) -> float:
        headers = {**self.headers, "Content-Type": "application/x-www-form-urlencoded"} if body else self.headers
        started = time.perf_counter()
        self.connection.request(method, path, body or None, headers)
        response = self.connection.getresponse()
        said = response.read()
        taken = (time.perf_counter() - started) * 1000
        if response.status != expected:
            raise RuntimeError(f"{method} {path}: {response.status} {said[:200]!r}")
        if cookie := response.getheader("Set-Cookie"):
            self.headers["Cookie"] = cookie.split(";", 1)[0]
        return taken


if __name__ == "__main__":
    for figure in measure():
        print(figure.line(), flush=True)
