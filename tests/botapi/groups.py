"""What a group is: its members with their rights, its topics, links, requests to join, pins."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.botapi.names import names

#: The account under which an anonymous administrator writes.
ANONYMOUS = {
    "id": 1_087_968_824,
    "is_bot": True,
    "first_name": "Group",
    "username": "GroupAnonymousBot",
}
RIGHTS = names(
    "can_manage_chat can_change_info can_delete_messages can_invite_users can_restrict_members "
    "can_pin_messages can_manage_topics can_promote_members can_manage_video_chats "
    "can_post_stories can_edit_stories can_delete_stories"
)
#: What every administrator of a basic group may do; there the rights cannot be chosen.
BASIC_RIGHTS = names(
    "can_manage_chat can_change_info can_delete_messages can_invite_users can_restrict_members "
    "can_pin_messages can_manage_video_chats"
)
PERMISSIONS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)
BASIC, SUPER = "group", "supergroup"


@dataclass(frozen=True)
class Member:
    """How somebody stands to a group; `status` as the API names it."""

    status: str = "left"
    rights: frozenset[str] = frozenset()
    anonymous: bool = False
    by_bot: bool = False

    @property
    def inside(self) -> bool:
        """Whether he is in the group."""
        return self.status in ("creator", "administrator", "member")

    @property
    def admin(self) -> bool:
        """Whether he is one of its administrators, the owner too."""
        return self.status in ("creator", "administrator")

    def may(self, right: str) -> bool:
        """Whether he has a right of administrators."""
        return self.status == "creator" or (self.admin and right in self.rights)

    def fields(self, user: dict[str, Any], kind: str) -> dict[str, Any]:
        """The API's ChatMember of that user in a group of that kind."""
        found: dict[str, Any] = {"user": user, "status": self.status}
        if self.status == "creator":
            found["is_anonymous"] = self.anonymous
        elif self.status == "administrator":
            found |= {"can_be_edited": self.by_bot, "is_anonymous": self.anonymous}
            left_out = {"can_manage_topics"} if kind == BASIC else set()
            found |= {right: right in self.rights for right in sorted(RIGHTS - left_out)}
        elif self.status == "kicked":
            found["until_date"] = 0
        return found


OUTSIDE, PLAIN, KICKED = Member(), Member("member"), Member("kicked")


@dataclass
class Topic:
    """A topic of a forum; its id is that of the message that created it."""

    id: int
    name: str
    color: int
    creator: int
    emoji: str = ""
    closed: bool = False

    def fields(self) -> dict[str, Any]:
        """The fields that ForumTopic and ForumTopicCreated share."""
        found: dict[str, Any] = {"name": self.name, "icon_color": self.color}
        return found | ({"icon_custom_emoji_id": self.emoji} if self.emoji else {})


@dataclass
class Link:
    """An invite link; who opens one with `request` waits for an administrator."""

    url: str
    creator: int
    request: bool = False
    name: str = ""
    expires: int = 0
    limit: int = 0
    revoked: bool = False
    joined: int = 0


@dataclass
class Wish:
    """A request to join that nobody has answered yet."""

    user: int
    at: datetime
    link: Link | None = None


@dataclass
class Group:
    """A group or supergroup. `known`: the bot has been in it at some time; `silent`: only its
    administrators may write there."""

    id: int
    kind: str
    title: str
    owner: int
    forum: bool = False
    username: str = ""
    members: dict[int, Member] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    wishes: dict[int, Wish] = field(default_factory=dict)
    pinned: set[int] = field(default_factory=set)
    known: bool = False
    silent: bool = False
    deleted: bool = False
    upgraded_to: int | None = None
    last_message: int = 0

    @property
    def basic(self) -> bool:
        """Whether it is no supergroup."""
        return self.kind == BASIC

    @property
    def active(self) -> bool:
        """Whether anybody can still write there."""
        return not self.deleted and self.upgraded_to is None

    def member(self, user: int) -> Member:
        """How a user stands to it."""
        return self.members.get(user, OUTSIDE)

    def inside(self) -> list[int]:
        """Everybody who is in it, in the order of joining."""
        return [user for user, one in self.members.items() if one.inside]

    def as_chat(self) -> dict[str, Any]:
        """The API's Chat."""
        found: dict[str, Any] = {"id": self.id, "title": self.title, "type": self.kind}
        if self.basic:
            found["all_members_are_administrators"] = True
        if self.forum:
            found["is_forum"] = True
        return found | ({"username": self.username} if self.username else {})
