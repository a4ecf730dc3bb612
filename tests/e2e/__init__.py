"""The real page in Chromium, against a real server process."""
