"""The memory: tables, journal, drafts, inbox, outbox. Knows the rules, not the conversations."""
