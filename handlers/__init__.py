"""The conversations: one file is one form or view; no channel, no database, no network."""
