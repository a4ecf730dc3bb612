"""A strict local Telegram Bot API server (Bot API 10.0) for tests, rehearsals and stories.

Written from the official rules and never bent to fit a bot: what Telegram refuses is refused here,
in Telegram's own words. Where it differs it is stricter, or says so:

- a bare `&` or `>` in HTML is refused (Telegram's page on formatting asks to escape them, its
  server lets them pass), so is a button with two actions or without a label;
- MarkdownV2 and files given by an http URL are not supported;
- a webhook may be plain http on a loopback address (Telegram wants https on four ports);
- a reply to a webhook cannot carry a method call;
- only private chats; `forward`, `copy`, `pin`, stickers and polls from the bot answer 404.
"""
