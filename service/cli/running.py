"""Commands that run the service: demo, serve, worker."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from service.cli.console import FOLDER, PORT, asynchronous, opened, settings


@click.command()
@click.option("--data", type=FOLDER, help="Folder of the demo's database.")
@click.option("--serve/--no-serve", default=True, help="Load only, or serve as well.")
@click.option("--port", type=PORT, default=8000, show_default=True)
def demo(data: Path | None, serve: bool, port: int) -> None:
    """Load the demo programme and serve it on this machine."""
    from service import demo as story
    from service.serving import listening, run

    chosen = settings(data=data, demo=True, base_url=f"http://127.0.0.1:{port}")

    async def load() -> story.DemoLinks:
        async with opened(chosen) as database:
            return await story.load(database, chosen)

    if not serve:
        click.echo(story.welcome(asyncio.run(load())))
        return
    with listening("127.0.0.1", port) as bound:
        click.echo(story.welcome(asyncio.run(load())))
        run(chosen, bound, 1)


@click.command()
@click.option("--data", type=FOLDER)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=PORT, default=8000, show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True)
def serve(data: Path | None, host: str, port: int, workers: int) -> None:
    """Serve pages and API until stopped."""
    from service.serving import listening, run

    chosen = settings(data=data)

    async def prepare() -> None:
        async with opened(chosen):
            pass

    with listening(host, port) as bound:
        asyncio.run(prepare())
        run(chosen, bound, workers)


@click.command()
@asynchronous
async def worker() -> None:
    """Run background jobs beside servers that were told not to (WENHENG_IN_PROCESS_WORKER=false)."""
    from service.serving import work

    async with opened() as database:
        await work(database)
