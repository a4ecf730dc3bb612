"""The menu of a person with its words."""

from bot.web.state import Web
from handlers.catalogue import COMMANDS
from handlers.menu import menu
from storage import incidents
from storage.database import Session


def menu_of(web: Web, session: Session, person: int) -> list[dict[str, str]]:
    """At most six commands; one that nothing answers yet is not offered."""
    scene = web.scene(session, person)
    found = menu(person, scene.organisation, incidents.listed(session), set(COMMANDS))
    return [
        {
            "command": f"/{item.command}",
            "label": scene.renderer.text(f"menu#{item.label}", {}, scene),
        }
        for item in found
    ]
