"""What people do to groups as their members: come, ask, leave; and what they see of them."""

from typing import Any

from tests.botapi import links
from tests.botapi.attachments import Attachments
from tests.botapi.groups import OUTSIDE, PLAIN, Group, Link
from tests.botapi.members import came, change, went
from tests.botapi.people import NotPossible


class Crowd(Attachments):
    """The groups in the clients of their members."""

    def join(self, user: int, link: str) -> int:
        """Opens an invite link and joins; the group. A link that asks an administrator first
        makes a request instead, as `ask_to_join` does."""
        with self.state.lock:
            group, opened = self._opened(user, link)
            if opened.request:
                links.ask(self.state, group, user, opened)
                return group.id
            opened.joined += 1
            change(self.state, group, user, PLAIN, user, opened)
            came(self.state, group, [user], user)
            return group.id

    def ask_to_join(self, user: int, link: str) -> int:
        """Opens an invite link that needs an administrator's yes, and asks; the group."""
        with self.state.lock:
            if not self._opened(user, link)[1].request:
                raise NotPossible("that link asks nobody; use join")
            return self.join(user, link)

    def _opened(self, user: int, link: str) -> tuple[Group, Link]:
        self.person(user)
        found = links.usable(self.state, link)
        if found is None:
            raise NotPossible(f"the link {link} opens nothing")
        status = found[0].member(user)
        if status.inside or status.status == "kicked":
            raise NotPossible(f"user {user} is in the group already, or banned from it")
        return found

    def leave(self, user: int, chat: int) -> None:
        """Leaves a group."""
        with self.state.lock:
            group = self.group(chat, user)
            change(self.state, group, user, OUTSIDE, user)
            went(self.state, group, user, user)

    def chats(self, user: int) -> list[dict[str, Any]]:
        """The chats of a user: the one with the bot, then his groups with their topics."""
        with self.state.lock:
            found: list[dict[str, Any]] = [{"id": user, "title": self.state.bot["first_name"]}]
            for group in self.state.groups.values():
                if group.active and group.member(user).inside:
                    found.append(self._listed(group, user))
            return found

    def _listed(self, group: Group, user: int) -> dict[str, Any]:
        topics = [
            {"id": topic.id, "name": topic.name, "closed": topic.closed}
            for topic in group.topics.values()
        ]
        return {
            "id": group.id,
            "title": group.title,
            "kind": group.kind,
            "forum": group.forum,
            "topics": topics,
            "status": group.member(user).status,
            "bot": group.member(self.state.own).status,
            "members": len(group.inside()),
            "wishes": list(group.wishes),
        }

    def groups(self) -> list[dict[str, Any]]:
        """Every group that is still there, with its members, for whoever may join or not."""
        with self.state.lock:
            return [
                self._listed(group, 0) | {"inside": group.inside()}
                for group in self.state.groups.values()
                if group.active
            ]

    def members(self, chat: int) -> dict[int, str]:
        """Everybody in a group with his status, the bot too."""
        with self.state.lock:
            group = self.group(chat)
            return {user: group.member(user).status for user in group.inside()}

    def pinned(self, chat: int, topic: int | None = None) -> list[int]:
        """The pinned messages of a chat, or of one of its topics, the oldest first."""
        return [one.id for one in self.chat(chat, topic) if one.pinned]
