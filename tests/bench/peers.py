"""The bots that ours is measured beside, as python-telegram-bot's documentation writes them.

`python -m tests.bench.peers KIND URL [PORT]`: `plain` polls with the defaults, `aiohttp` is the
same over our transport, `pool16` and `pool256` handle so many updates at a time, `webhook` is
called at PORT and handles each update before it answers.
"""

import asyncio
import json
import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Update
from telegram.ext import Application, ApplicationBuilder, ContextTypes, MessageHandler, filters

from bot.channels.telegram.transport import Patience, Transport
from tests.botapi.driver import TOKEN


async def echo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """What the documentation's first example does."""
    if update.message is not None:
        await update.message.reply_text(update.message.text or "")


def built(kind: str, url: str) -> Application:  # type: ignore[type-arg]
    """The application of this kind."""
    builder = ApplicationBuilder().token(TOKEN).base_url(f"{url}/bot")
    if kind == "aiohttp":
        patience = Patience(10, 20, 60)
        builder = builder.request(Transport(16, patience))
        builder = builder.get_updates_request(Transport(1, patience))
    elif kind.startswith("pool"):
        most = int(kind.removeprefix("pool"))
        builder = builder.concurrent_updates(most).connection_pool_size(most).pool_timeout(60)
    application = builder.build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    return application


async def called(application: Application, port: int) -> None:  # type: ignore[type-arg]
    """Serves the webhook; each update is handled before it is confirmed."""

    async def take(request: Request) -> Response:
        update = Update.de_json(json.loads(await request.body()), application.bot)
        await application.process_update(update)
        return Response()

    async with application:
        await application.start()
        app = Starlette(routes=[Route("/telegram", take, methods=["POST"])])
        await uvicorn.Server(uvicorn.Config(app, port=port, log_config=None)).serve()


def main() -> None:
    """Until the process is ended."""
    kind, url, *port = sys.argv[1:]
    if kind == "webhook":
        asyncio.run(called(built(kind, url), int(port[0])))
    else:
        built(kind, url).run_polling()


if __name__ == "__main__":
    main()
