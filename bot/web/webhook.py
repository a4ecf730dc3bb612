"""Where Telegram calls us: the secret is compared in constant time, 200 only after the commit."""

import json
import secrets

from starlette.requests import Request
from starlette.responses import Response

from bot.web.state import Problem, Web

#: A single update is a few kilobytes.
MOST_BYTES = 1024 * 1024

#: Compared without regard to case, as names of headers are.
_SECRET = "X-Telegram-Bot-Api-Secret-Token"


async def telegram(request: Request) -> Response:
    """Takes one update in. 404 while we poll, 403 without the secret, 400 for what is no JSON."""
    web: Web = request.app.state.web
    secret = web.world.settings.telegram_webhook_secret
    if web.webhook is None or secret is None:
        raise Problem(404, "not_found")
    given = request.headers.get(_SECRET, "").encode()
    if not secrets.compare_digest(given, secret.get_secret_value().encode()):
        raise Problem(403, "not_found")
    try:
        update = json.loads(await _body(request))
    except (ValueError, RecursionError):
        raise Problem(400, "bad_request") from None
    if not isinstance(update, dict):
        raise Problem(400, "bad_request")
    await web.webhook(update)
    return Response(status_code=200)


async def _body(request: Request) -> bytes:
    """The body, never more of it in memory than an update may have. Raises Problem 413."""
    found = bytearray()
    async for chunk in request.stream():
        found += chunk
        if len(found) > MOST_BYTES:
            raise Problem(413, "bad_request")
    return bytes(found)
