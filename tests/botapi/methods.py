"""The methods of the Bot API that have an answer at once; getUpdates waits, so it is in app."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.botapi import links, media, members, pins, rules, scopes, topics
from tests.botapi.access import WRITE
from tests.botapi.entities import Entity
from tests.botapi.groups import PERMISSIONS, Group
from tests.botapi.keyboards import Markup, read_markup
from tests.botapi.refusal import bad
from tests.botapi.rules import Formatted, Query
from tests.botapi.state import TAP_LIVES, Chat, Message, State
from tests.botapi.updates import Webhook

Method = Callable[[State, Query], Any]

DELETABLE = timedelta(hours=48)
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the "
    "same as a current content and reply markup of the message"
)
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


def get_me(state: State, query: Query) -> Any:
    """getMe."""
    return state.bot | {
        "can_join_groups": True,
        "can_read_all_group_messages": not state.privacy,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
    }


def with_text(found: Formatted) -> dict[str, Any]:
    """The fields of a text message."""
    content: dict[str, Any] = {"text": found.text}
    if found.entities:
        content["entities"] = found.entities
    return content


def send_message(state: State, query: Query) -> Any:
    """sendMessage."""
    content = with_text(rules.message_text(query))
    options = rules.preview(query)
    if options:
        content["link_preview_options"] = options
    return state.render(media.sent(state, query, content))


def edited(state: State, query: Query) -> tuple[Chat, Message]:
    """The message that an edit is about."""
    chat = state.chat(query, WRITE)
    number = query.number("message_id", 0, 0, 2**31)
    message = state.message(chat, number, "message to edit")
    if not message.from_bot or message.service:
        raise bad("message can't be edited")
    state.reachable(query)
    return chat, message


def change(
    state: State, chat: Chat, message: Message, content: dict[str, Any], markup: Markup | None
) -> Any:
    """Carries an edit out; refuses one that changes nothing."""
    if same(message.content, content) and message.markup == markup:
        raise bad(NOT_MODIFIED)
    state.spend(chat)
    message.content, message.markup = content, markup
    message.edited_at = state.clock()
    message.edits += 1
    return state.render(message)


def same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two contents show the same; how links are previewed does not count."""
    both = ({**content, "link_preview_options": None} for content in (one, other))
    return next(both) == next(both)


def edit_text(state: State, query: Query) -> Any:
    """editMessageText."""
    content = with_text(rules.message_text(query))
    options, markup = rules.preview(query), inline_only(query)
    chat, message = edited(state, query)
    if "text" not in message.content:
        raise bad("there is no text in the message to edit")
    if options:
        content["link_preview_options"] = options
    return change(state, chat, message, content, markup)


def edit_caption(state: State, query: Query) -> Any:
    """editMessageCaption."""
    found, markup = rules.caption(query), inline_only(query)
    chat, message = edited(state, query)
    if "text" in message.content:
        raise bad("there is no caption in the message to edit")
    gone = ("caption", "caption_entities")
    content = {key: value for key, value in message.content.items() if key not in gone}
    return change(state, chat, message, content | media.with_caption(found), markup)


def edit_markup(state: State, query: Query) -> Any:
    """editMessageReplyMarkup."""
    markup = inline_only(query)
    chat, message = edited(state, query)
    return change(state, chat, message, message.content, markup)


def inline_only(query: Query) -> Markup | None:
    """The keyboard of an edit."""
    markup = read_markup(query.text("reply_markup"))
    if markup is not None and "inline_keyboard" not in markup:
        raise bad("inline keyboard expected")
    return markup


def delete_message(state: State, query: Query) -> Any:
    """deleteMessage."""
    if not query.text("chat_id"):
        raise bad("chat identifier is not specified")
    chat = state.chat(query, WRITE)
    number = query.number("message_id", 0, 0, 2**31)
    message = state.message(chat, number, "message to delete")
    deletable(state, chat, message)
    message.deleted = True
    return True


def delete_messages(state: State, query: Query) -> Any:
    """deleteMessages: those that are not there are passed over."""
    numbers = rules.message_ids(query)
    chat = state.chat(query, WRITE)
    found = [one for number in numbers if (one := state.find(chat.id, number))]
    for message in found:
        deletable(state, chat, message)
    for message in found:
        message.deleted = True
    return True


def deletable(state: State, chat: Chat, message: Message) -> None:
    """Refuses to delete what is older than two days, and in a group what the bot may not."""
    young = state.clock() - message.date < DELETABLE
    own = message.from_bot and not message.service
    if not isinstance(chat, Group) or chat.basic:
        if young and (not isinstance(chat, Group) or own or chat.member(state.own).admin):
            return
        raise bad("message can't be deleted for everyone")
    born = {"forum_topic_created", "migrate_from_chat_id"} & set(message.content)
    if born or not young or not (own or chat.member(state.own).may("can_delete_messages")):
        raise bad("message can't be deleted")


def send_chat_action(state: State, query: Query) -> Any:
    """sendChatAction."""
    action = query.text("action").lower()
    if action not in rules.CHAT_ACTIONS:
        raise bad("wrong parameter action in request")
    state.actions.append((state.reachable(query).id, action))
    return True


def answer_callback_query(state: State, query: Query) -> Any:
    """answerCallbackQuery: once, and soon."""
    text = query.text("text")
    tap = state.taps.get(query.required("callback_query_id"))
    if len(text) > rules.LONGEST_ANSWER:
        raise bad("MESSAGE_TOO_LONG")
    if tap is None or tap.answer is not None or state.clock() - tap.at > TAP_LIVES:
        raise bad(TOO_OLD)
    if query.text("url"):
        raise bad("URL_INVALID")
    tap.answer = {"text": text, "show_alert": query.flag("show_alert")}
    return True


def set_message_reaction(state: State, query: Query) -> Any:
    """setMessageReaction."""
    found = rules.reactions(query)
    chat = state.chat(query, WRITE)
    number = query.number("message_id", 0, 0, 2**31)
    message = state.message(chat, number, "message to react")
    state.reachable(query)
    message.reactions[state.bot["id"]] = found
    return True


def get_chat(state: State, query: Query) -> Any:
    """getChat."""
    chat = state.chat(query)
    pinned = pins.latest(state, chat)
    found: dict[str, Any] = {"pinned_message": state.render(pinned)} if pinned else {}
    if isinstance(chat, Group):
        found["permissions"] = dict.fromkeys(PERMISSIONS, not chat.silent)
        found["join_to_send_messages"] = True
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription")
    return (
        found
        | chat.as_chat()
        | {
            "accent_color_id": 0,
            "max_reaction_count": 11,
            "accepted_gift_types": dict.fromkeys((*gifts, "gifts_from_channels"), True),
        }
    )


def get_file(state: State, query: Query) -> Any:
    """getFile."""
    if not query.text("file_id"):
        raise bad("file_id not specified")
    return state.files.link(query.text("file_id"), state.clock())


def set_webhook(state: State, query: Query) -> Any:
    """setWebhook; an empty address deletes it."""
    if not query.text("url"):
        return delete_webhook(state, query)
    url, secret = rules.webhook_url(query), rules.secret(query)
    state.updates.allow(rules.allowed_updates(query))
    if query.flag("drop_pending_updates"):
        state.updates.pending.clear()
    state.updates.webhook = Webhook(url, secret, query.number("max_connections", 40, 1, 100))
    state.updates.wake()
    return True


def delete_webhook(state: State, query: Query) -> Any:
    """deleteWebhook."""
    if query.flag("drop_pending_updates"):
        state.updates.pending.clear()
    state.updates.webhook = None
    state.updates.wake()
    return True


def get_webhook_info(state: State, query: Query) -> Any:
    """getWebhookInfo."""
    updates = state.updates
    hook = updates.webhook
    found: dict[str, Any] = {
        "url": hook.url if hook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(updates.pending),
    }
    if hook is not None:
        found["max_connections"] = hook.max_connections
        if hook.last_error_at is not None:
            found["last_error_date"] = int(hook.last_error_at.timestamp())
            found["last_error_message"] = hook.last_error
    if updates.allowed is not None:
        found["allowed_updates"] = sorted(updates.allowed)
    return found


def entities_of(message: Message) -> list[Entity]:
    """The entities of a text or a caption."""
    return list(message.content.get("entities", message.content.get("caption_entities", [])))


METHODS: dict[str, Method] = {
    "getme": get_me,
    "sendmessage": send_message,
    "editmessagetext": edit_text,
    "editmessagecaption": edit_caption,
    "editmessagereplymarkup": edit_markup,
    "deletemessage": delete_message,
    "deletemessages": delete_messages,
    "sendphoto": media.sender("photo"),
    "senddocument": media.sender("document"),
    "sendvoice": media.sender("voice"),
    "sendaudio": media.sender("audio"),
    "sendvideo": media.sender("video"),
    "sendmediagroup": media.send_group,
    "sendchataction": send_chat_action,
    "answercallbackquery": answer_callback_query,
    "setmessagereaction": set_message_reaction,
    "getchat": get_chat,
    "getfile": get_file,
    "setmycommands": scopes.set_commands,
    "getmycommands": scopes.get_commands,
    "deletemycommands": scopes.delete_commands,
    "pinchatmessage": pins.pin_message,
    "unpinchatmessage": pins.unpin_message,
    "unpinallchatmessages": pins.unpin_all,
    "unpinallforumtopicmessages": pins.unpin_topic,
    "createforumtopic": topics.create,
    "editforumtopic": topics.edit,
    "closeforumtopic": topics.close,
    "reopenforumtopic": topics.reopen,
    "deleteforumtopic": topics.delete,
    "getforumtopiciconstickers": topics.icon_stickers,
    "getchatmember": members.get_chat_member,
    "getchatmembercount": members.get_member_count,
    "getchatadministrators": members.get_administrators,
    "banchatmember": members.ban,
    "unbanchatmember": members.unban,
    "leavechat": members.leave,
    "createchatinvitelink": links.create,
    "revokechatinvitelink": links.revoke,
    "approvechatjoinrequest": links.approve,
    "declinechatjoinrequest": links.decline,
    "setwebhook": set_webhook,
    "deletewebhook": delete_webhook,
    "getwebhookinfo": get_webhook_info,
}
