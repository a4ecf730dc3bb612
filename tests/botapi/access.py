"""Which chats the bot reaches, and in which words Telegram turns it away."""

from tests.botapi.groups import Group
from tests.botapi.refusal import Refused, bad, forbidden

#: To read what is known of a chat; to do anything there, also to ask who its members are.
READ, WRITE = "read", "write"


def enter(group: Group, bot: int, access: str) -> None:
    """Refuses a bot that has not that access to the group.

    A basic group stays readable after the bot has left and after its end; a supergroup does not.
    """
    if not group.known:
        raise bad("chat not found")
    if group.basic:
        enter_basic(group, bot, access)
        return
    member = group.member(bot)
    if group.deleted or member.status == "kicked":
        raise forbidden("bot was kicked from the supergroup chat")
    if not member.inside:
        raise forbidden("bot is not a member of the supergroup chat")


def enter_basic(group: Group, bot: int, access: str) -> None:
    """The same for a basic group."""
    if access == READ:
        return
    if group.upgraded_to is not None:
        said = "Bad Request: group chat was upgraded to a supergroup chat"
        raise Refused(400, said, migrate_to=group.upgraded_to)
    if group.deleted:
        raise forbidden("the group chat was deleted")
    member = group.member(bot)
    if member.status == "kicked":
        raise forbidden("bot was kicked from the group chat")
    if not member.inside:
        raise forbidden("bot is not a member of the group chat")
