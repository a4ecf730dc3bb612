"""Kept files, for those who may see them."""

from fastapi import APIRouter, Path
from fastapi.responses import FileResponse

from bot.files import opens_in_page, path_of
from bot.web.board import sees
from bot.web.rooms import home_of, is_member
from bot.web.session import TheViewer, Viewer
from bot.web.state import Problem, TheWeb, Web
from procedure.entries_organisation import ORGANISATION
from storage import files, incidents, room_reads
from storage.database import Session
from storage.tables import FileRow

FILE_POLICY = (
    "default-src 'none'; sandbox; img-src 'self'; media-src 'self'; frame-ancestors 'none'"
)

router = APIRouter()


@router.get("/files/{sha256}", response_class=FileResponse)
def file(
    web: TheWeb, viewer: TheViewer, sha256: str = Path(pattern="^[0-9a-f]{64}$")
) -> FileResponse:
    """The bytes; a file that he may not see is as if it were not there."""
    row = web.world.db.read(lambda session: _seen(web, session, viewer, sha256))
    path = path_of(web.world.settings, sha256)
    if row is None or not path.is_file():
        raise Problem(404, "no_such_file")
    return FileResponse(
        path,
        media_type=row.media_type,
        filename=row.name,
        content_disposition_type="inline" if opens_in_page(row.media_type) else "attachment",
        headers={"Cache-Control": "private, max-age=3600", **_alone(row.media_type)},
    )


def _alone(media_type: str) -> dict[str, str]:
    """Opened by itself, a file is a page that may do nothing and belongs to no site.

    Not so a PDF, which Chromium's own reader refuses to show in a sandbox.
    """
    return {} if media_type == "application/pdf" else {"Content-Security-Policy": FILE_POLICY}


def _seen(web: Web, session: Session, viewer: Viewer, sha256: str) -> FileRow | None:
    row = files.kept(session, sha256)
    if row is None or viewer.rehearsal or row.owner == viewer.person:
        return row
    if viewer.person is None:
        return None
    for stream in files.streams_with(session, sha256):
        # A paper of the register is seen where it stands in a chat.
        if stream != ORGANISATION and sees(web, session, viewer, incidents.get(session, stream)):
            return row
    for stream in room_reads.streams_with_file(session, sha256):
        if is_member(web, session, viewer.person, home_of(web, session, stream)):
            return row
    return row if files.stands_in_chat_of(session, sha256, viewer.person) else None
