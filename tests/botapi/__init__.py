"""A strict local Telegram Bot API server (Bot API 10.0) for tests, rehearsals and stories.

Written from the official rules and never bent to fit a bot: what Telegram refuses is refused here,
in Telegram's own words. Where it differs it is stricter, or says so:

- a bare `&` or `>` in HTML is refused (Telegram's page on formatting asks to escape them, its
  server lets them pass), so is a button with two actions or without a label;
- a name of a topic over 128 characters is refused, which the real server cuts; a bot that may not
  manage topics writes in no closed one, not even in one of its own; after a move to a supergroup
  edits in the old group are refused as sends are;
- MarkdownV2 and files given by an http URL are not supported;
- a webhook may be plain http on a loopback address (Telegram wants https on four ports);
- a reply to a webhook cannot carry a method call;
- private chats, groups and supergroups, no channels; `forward`, `copy`, stickers and polls from
  the bot, restrictions of single members and the methods of the General topic answer 404.
"""
