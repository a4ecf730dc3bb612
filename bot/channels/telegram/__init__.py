"""Telegram: python-telegram-bot's `Bot`, types and errors, with our own durable loops.

Its `Updater` and `ConversationHandler` are not used: they hold updates and dialogue in memory
and lose both on a kill (docs/telegram.md has the figures).
"""
