"""What owners and administrators do: groups, members and their rights, topics and pins by hand.

Where `by` is not given the owner of the group acts.
"""

from collections.abc import Iterable
from dataclasses import replace

from tests.botapi import links, topics
from tests.botapi.crowd import Crowd
from tests.botapi.groups import (
    BASIC,
    BASIC_RIGHTS,
    KICKED,
    PLAIN,
    RIGHTS,
    SUPER,
    Group,
    Member,
    Topic,
)
from tests.botapi.hearing import service
from tests.botapi.members import came, change, went
from tests.botapi.people import NotPossible
from tests.botapi.pins import pin

FIRST_BASIC, FIRST_SUPER = -4_000_000_000, -1_002_000_000_000
#: The rights that a bot of a working group is usually given.
BOT_RIGHTS = (
    "can_delete_messages",
    "can_restrict_members",
    "can_pin_messages",
    "can_manage_topics",
    "can_invite_users",
)


class Organisers(Crowd):
    """The groups in the hands of those who run them."""

    def create_group(
        self, title: str, owner: int, members: Iterable[int] = (), bot: bool = False
    ) -> int:
        """A new basic group, with the bot among its first members if `bot`; its id."""
        with self.state.lock:
            group = self._made(BASIC, FIRST_BASIC, title, owner, members)
            if bot:
                change(self.state, group, self.state.own, PLAIN, owner)
            service(self.state, group, owner, {"group_chat_created": True})
            return group.id

    def create_supergroup(
        self, title: str, owner: int, members: Iterable[int] = (), forum: bool = False
    ) -> int:
        """A new supergroup, with topics if `forum`; its id. The bot is added with `add_bot`."""
        with self.state.lock:
            group = self._made(SUPER, FIRST_SUPER, title, owner, members)
            group.forum = forum
            return group.id

    def _made(self, kind: str, first: int, title: str, owner: int, members: Iterable[int]) -> Group:
        for user in (owner, *members):
            self.person(user)
        number = first - len(self.state.groups) - 1
        group = self.state.groups[number] = Group(number, kind, title, owner)
        group.members = {owner: Member("creator"), **dict.fromkeys(members, PLAIN)}
        if kind == SUPER:
            group.last_message = 1  # that it was created
        return group

    def _led(self, chat: int, by: int | None, right: str) -> tuple[Group, int]:
        group = self.group(chat)
        actor = group.owner if by is None else by
        if not group.member(actor).may(right):
            raise NotPossible(f"user {actor} has not the right {right} in {chat}")
        return group, actor

    def add_bot(self, chat: int, by: int | None = None) -> None:
        """Adds the bot as a plain member."""
        self.add(chat, self.state.own, by)

    def remove_bot(self, chat: int, by: int | None = None) -> None:
        """Removes the bot; from a supergroup it is banned thereby."""
        self.remove(chat, self.state.own, by)

    def promote_bot(
        self, chat: int, rights: Iterable[str] = BOT_RIGHTS, by: int | None = None
    ) -> None:
        """Makes the bot an administrator with these rights, or gives it others; adds it first."""
        with self.state.lock:
            self.promote(chat, self.state.own, rights, by)

    def demote_bot(self, chat: int, by: int | None = None) -> None:
        """Makes the bot a plain member again."""
        self.demote(chat, self.state.own, by)

    def add(self, chat: int, user: int, by: int | None = None) -> None:
        """Adds somebody, as any member can; also one who was removed, as only an admin can."""
        with self.state.lock:
            group = self.group(chat)
            actor = group.owner if by is None else by
            if user != self.state.own:
                self.person(user)
            self.group(chat, actor)
            if group.member(user).inside:
                raise NotPossible(f"user {user} is in the group already")
            group.wishes.pop(user, None)
            change(self.state, group, user, PLAIN, actor)
            came(self.state, group, [user], actor)

    def remove(self, chat: int, user: int, by: int | None = None) -> None:
        """Removes somebody; from a supergroup he is banned thereby, as clients do it."""
        with self.state.lock:
            group, actor = self._led(chat, by, "can_restrict_members")
            self.group(chat, user)
            change(self.state, group, user, KICKED, actor)
            went(self.state, group, user, actor)

    def promote(
        self,
        chat: int,
        user: int,
        rights: Iterable[str] = BOT_RIGHTS,
        by: int | None = None,
        anonymous: bool = False,
    ) -> None:
        """Makes somebody an administrator with these rights; in a basic group he gets those that
        every administrator has there."""
        with self.state.lock:
            group, actor = self._led(chat, by, "can_promote_members")
            unknown = set(rights) - RIGHTS
            if unknown:
                raise NotPossible(f"there is no right {min(unknown)}")
            if not group.member(user).inside:
                self.add(chat, user, by)
            given = BASIC_RIGHTS if group.basic else frozenset({*rights, "can_manage_chat"})
            new = Member("administrator", given, anonymous)
            change(self.state, group, user, new, actor)

    def demote(self, chat: int, user: int, by: int | None = None) -> None:
        """Makes an administrator a plain member again."""
        with self.state.lock:
            group, actor = self._led(chat, by, "can_promote_members")
            if group.member(user).status != "administrator":
                raise NotPossible(f"user {user} is no administrator")
            change(self.state, group, user, PLAIN, actor)

    def hide(self, chat: int, anonymous: bool = True) -> None:
        """Lets the owner write anonymously, or with his name again."""
        with self.state.lock:
            group = self.group(chat)
            new = replace(group.member(group.owner), anonymous=anonymous)
            change(self.state, group, group.owner, new, group.owner)

    def invite_link(self, chat: int, request: bool = False, by: int | None = None) -> str:
        """A new invite link of an administrator; its address."""
        with self.state.lock:
            group, actor = self._led(chat, by, "can_invite_users")
            return links.new_link(self.state, group, actor, request=request).url

    def approve(self, chat: int, user: int, by: int | None = None) -> None:
        """Says yes to a request to join."""
        with self.state.lock:
            group, actor = self._led(chat, by, "can_invite_users")
            if user not in group.wishes:
                raise NotPossible(f"user {user} has not asked to join")
            links.admit(self.state, group, user, actor)

    def rename(self, chat: int, title: str, by: int | None = None) -> None:
        """Gives a group another name."""
        with self.state.lock:
            group, actor = self._led(chat, by, "can_change_info")
            group.title = title
            service(self.state, group, actor, {"new_chat_title": title})

    def upgrade(self, chat: int) -> int:
        """Makes a basic group a supergroup, with another id, that knows none of its messages."""
        with self.state.lock:
            old = self.group(chat)
            if not old.basic:
                raise NotPossible(f"{chat} is a supergroup already")
            new = self._made(SUPER, FIRST_SUPER, old.title, old.owner, ())
            new.members, new.known, new.last_message = dict(old.members), old.known, 0
            service(self.state, old, old.owner, {"migrate_to_chat_id": new.id})
            old.upgraded_to = new.id
            content = {"migrate_from_chat_id": old.id}
            service(self.state, new, old.owner, content, anonymous=True)
            return new.id

    def silence(self, chat: int, silent: bool = True) -> None:
        """Lets nobody but administrators write in a group, or everybody again."""
        with self.state.lock:
            self.group(chat).silent = silent

    def make_forum(self, chat: int, forum: bool = True) -> None:
        """Switches the topics of a supergroup on or off; nobody is told."""
        with self.state.lock:
            group = self.group(chat)
            if group.basic:
                raise NotPossible("clients upgrade a basic group first; use upgrade")
            group.forum = forum

    def delete_group(self, chat: int) -> None:
        """Deletes a group for everybody; the bot learns it by its next call."""
        with self.state.lock:
            self.group(chat).deleted = True

    def create_topic(self, chat: int, name: str, by: int | None = None) -> int:
        """A new topic; its id. Any member may."""
        with self.state.lock:
            group = self.group(chat)
            actor = group.owner if by is None else by
            self.group(chat, actor)
            if not group.forum:
                raise NotPossible(f"{chat} has no topics")
            return topics.made(self.state, group, name, actor).id

    def _topic(self, chat: int, topic: int, by: int | None, right: str) -> tuple[Group, Topic, int]:
        group = self.group(chat)
        if topic not in group.topics:
            raise NotPossible(f"group {chat} has no topic {topic}")
        actor = group.owner if by is None else by
        if group.topics[topic].creator != actor:
            self._led(chat, by, right)
        return group, group.topics[topic], actor

    def rename_topic(self, chat: int, topic: int, name: str, by: int | None = None) -> None:
        """Gives a topic another name."""
        with self.state.lock:
            group, found, actor = self._topic(chat, topic, by, "can_manage_topics")
            topics.edited(self.state, group, found, actor, {"name": name})

    def close_topic(self, chat: int, topic: int, by: int | None = None) -> None:
        """Closes a topic: only who manages topics writes there then."""
        self._turn(chat, topic, by, True)

    def reopen_topic(self, chat: int, topic: int, by: int | None = None) -> None:
        """Opens a closed topic again."""
        self._turn(chat, topic, by, False)

    def _turn(self, chat: int, topic: int, by: int | None, closed: bool) -> None:
        with self.state.lock:
            group, found, actor = self._topic(chat, topic, by, "can_manage_topics")
            if found.closed == closed:
                raise NotPossible(f"topic {topic} is so already")
            topics.turned(self.state, group, found, closed, actor)

    def delete_topic(self, chat: int, topic: int, by: int | None = None) -> None:
        """Deletes a topic with all its messages; the bot hears nothing of it."""
        with self.state.lock:
            group, found, _ = self._topic(chat, topic, by, "can_delete_messages")
            topics.gone(self.state, group, found)

    def pin(self, chat: int, message_id: int, by: int | None = None) -> None:
        """Pins a message of a group."""
        with self.state.lock:
            group, actor = self._led(chat, by, "can_pin_messages")
            message = self.found(actor, message_id, chat)
            pin(self.state, group, message, actor)

    def unpin(self, chat: int, message_id: int, by: int | None = None) -> None:
        """Unpins a message of a group; the bot hears nothing of it."""
        with self.state.lock:
            group, _ = self._led(chat, by, "can_pin_messages")
            if message_id not in group.pinned:
                raise NotPossible(f"message {message_id} is not pinned")
            group.pinned.discard(message_id)
