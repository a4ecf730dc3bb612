"""These tests open LibreOffice, which `make office` sees to; `make test` does without it."""

import os

collect_ignore = [] if os.environ.get("MDM_OFFICE") else ["test_opens_in_office.py"]
