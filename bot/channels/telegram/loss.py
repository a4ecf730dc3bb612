"""What a refusal of Telegram says of a place: that it is gone, and how; pure."""

from collections.abc import Collection

_SAYS = {
    "topic_deleted": ("thread not found", "topic_deleted", "topic_id_invalid", "topic deleted"),
    "deleted": ("group chat was deleted", "chat not found", "group is deactivated"),
    "removed": ("kicked", "not a member"),
    "silenced": ("not enough rights to send", "chat_write_forbidden"),
}
#: How a place may be lost.
LOSSES = frozenset(_SAYS)


def kind_of_loss(why: str) -> str | None:
    """One of `LOSSES`; None for a refusal that leaves the place standing."""
    words = why.lower()
    found = (kind for kind, signs in _SAYS.items() if any(one in words for one in signs))
    return next(found, None)


def says(refused: Exception, words: Collection[str]) -> bool:
    """Whether a refusal is one of those that these words, in small letters, tell."""
    return any(one in str(refused).lower() for one in words)
