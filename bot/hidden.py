"""What must never stand in a log: the secrets of the settings, in whatever way they are written,
and the values of a row that the database has refused."""

import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from pydantic import SecretStr

from bot.settings import Settings

#: What stands where a secret stood.
SIGN = "[hidden]"
#: What PostgreSQL says of the values in a row that it refuses, up to where the error goes on.
_DETAIL = re.compile(r'DETAIL:.*?(?=(?:\\n|\n)(?:CONTEXT|\[SQL)|"[,}]|$)', re.DOTALL)
#: Shorter ones are parts of ordinary words; no secret of ours is.
_SHORTEST = 4


def secrets_of(settings: Settings) -> frozenset[str]:
    """Tokens, keys, and the passwords that stand in addresses."""
    found: set[str] = set()
    for value in dict(settings).values():
        if isinstance(value, SecretStr):
            secret = value.get_secret_value()
            found |= {secret, secret.partition(":")[2]}
        elif isinstance(value, str) and "://" in value:
            password = urlsplit(value).password or ""
            found |= {password, unquote(password)}
    return frozenset(one for one in found if len(one) >= _SHORTEST)


class Hider:
    """The last processor of the log: takes out of a finished line what must not stand there."""

    def __init__(self, secrets: Iterable[str]) -> None:
        written = {form for one in secrets for form in _forms(one)}
        #: The longest first: a token before the part of it that is a secret too.
        self._written = sorted(written, key=len, reverse=True)

    def __call__(self, logger: Any, name: str, line: Any) -> str:
        """The line without any of it."""
        told = _DETAIL.sub(f"DETAIL: {SIGN}", str(line))
        for one in self._written:
            told = told.replace(one, SIGN)
        return told


def _forms(secret: str) -> set[str]:
    plain = {secret, quote(secret, safe=""), repr(secret)[1:-1]}
    escaped = {
        json.dumps(one, ensure_ascii=ascii)[1:-1] for one in plain for ascii in (True, False)
    }
    return plain | escaped
