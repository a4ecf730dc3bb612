"""The table of papers to speak, absences and rosters."""

from sqlmodel import Field, SQLModel

from storage.tables import body


class ArrangementRow(SQLModel, table=True):
    """A paper to speak, an absence or a roster, as the organisation's journal has it now."""

    __tablename__ = "arrangements"
    kind: str = Field(primary_key=True, max_length=16)
    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    body: str = body()
