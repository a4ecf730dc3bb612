"""`python -m tests.procedure.permissions` writes docs/permissions.md anew."""

from tests.procedure.permissions import page, staff, table

if __name__ == "__main__":
    page.PAGE.write_text(page.page(table.everything(), staff.everything()), encoding="utf-8")
    print(f"{page.PAGE} has been written")
