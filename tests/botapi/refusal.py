"""How the server says no."""

from dataclasses import dataclass

PREFIX = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found"}
PREFIX |= {409: "Conflict", 413: "Request Entity Too Large", 500: "Internal Server Error"}


@dataclass
class Refused(Exception):
    """A request that the server answers with `ok: false`."""

    code: int
    description: str
    retry_after: int | None = None
    migrate_to: int | None = None

    def body(self) -> dict[str, object]:
        """The JSON body of the answer."""
        found: dict[str, object] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        if self.retry_after is not None:
            found["parameters"] = {"retry_after": self.retry_after}
        if self.migrate_to is not None:
            found["parameters"] = {"migrate_to_chat_id": self.migrate_to}
        return found


def bad(reason: str) -> Refused:
    """A 400; the first letter is lowered as the real server does, unless it is A_CODE."""
    if len(reason) > 1 and not (reason[1] == "_" or reason[1].isupper()):
        reason = reason[0].lower() + reason[1:]
    return Refused(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> Refused:
    """A 403."""
    return Refused(403, f"Forbidden: {reason}")


def flooded(seconds: int) -> Refused:
    """A 429 that says for how long."""
    return Refused(429, f"Too Many Requests: retry after {seconds}", seconds)
