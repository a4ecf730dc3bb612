"""One-time links and sessions: only hashes are kept, a code is spent once."""

import pytest

from storage import access
from storage.database import Database, file_of
from tests.procedure import village as v


def invite(db: Database) -> str:
    return db.write(lambda session: access.invite(session, v.HEAD, v.START))


def sign_in(db: Database) -> str:
    return db.write(lambda session: access.sign_in(session, v.HEAD, v.START))


def who(db: Database, token: str, days: float = 0) -> int | None:
    at = v.START + days * v.DAY
    return db.read(lambda session: access.signed_in(session, token, at))


def test_looking_at_a_code_does_not_spend_it_and_using_it_does(db: Database) -> None:
    code = invite(db)
    for _ in range(2):
        assert db.read(lambda session: access.invited(session, code, v.START)) == v.HEAD
    spent = db.write(lambda session: access.spend(session, code, v.START))
    assert spent is not None and spent[0] == v.HEAD and who(db, spent[1]) == v.HEAD
    assert db.write(lambda session: access.spend(session, code, v.START)) is None


@pytest.mark.parametrize(("days", "person"), [(6.99, v.HEAD), (7, None)])
def test_a_code_is_good_for_seven_days(db: Database, days: float, person: int | None) -> None:
    code, at = invite(db), v.START + days * v.DAY
    assert db.read(lambda session: access.invited(session, code, at)) == person


def test_an_unknown_code_or_token_opens_nothing(db: Database) -> None:
    assert db.read(lambda session: access.invited(session, "x", v.START)) is None
    assert db.write(lambda session: access.spend(session, "x", v.START)) is None
    assert who(db, "x") is None


@pytest.mark.sqlite
def test_the_file_holds_no_code_and_no_token(db: Database) -> None:
    secrets = [invite(db), sign_in(db)]
    folder = file_of(db.address).parent
    db.close()
    kept = b"".join(one.read_bytes() for one in folder.iterdir())
    assert not [secret for secret in secrets if secret.encode() in kept]
    assert access.digest(secrets[0]).encode() in kept


def test_a_session_lasts_half_a_year_and_use_lengthens_it_once_a_day(db: Database) -> None:
    token = sign_in(db)
    assert who(db, token, 179.9) == v.HEAD and who(db, token, 180) is None

    def wants(days: float) -> bool:
        return db.read(lambda s: access.wants_renewal(s, token, v.START + days * v.DAY))

    assert not wants(0.5) and wants(1.5) and not wants(181)
    db.write(lambda session: access.renew(session, token, v.START + 100 * v.DAY))
    assert who(db, token, 279.9) == v.HEAD


def test_an_ended_session_stays_ended(db: Database) -> None:
    token, other = sign_in(db), sign_in(db)
    db.write(lambda session: access.sign_out(session, token, v.START))
    db.write(lambda session: access.renew(session, token, v.START))
    assert who(db, token) is None and who(db, other) == v.HEAD


def test_all_sessions_of_a_lost_phone_end_at_once(db: Database) -> None:
    tokens = [sign_in(db), sign_in(db)]
    assert db.write(lambda session: access.end_all(session, v.HEAD, v.START)) == 2
    assert [who(db, token) for token in tokens] == [None, None]
    assert db.write(lambda session: access.end_all(session, v.HEAD, v.START)) == 0
