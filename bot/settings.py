"""Settings: environment variables or a `.env` file, prefix `BOT_`; all faults named at once."""

import os
import re
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_TOKEN = re.compile(r"[0-9]{3,}:[A-Za-z0-9_-]{3,}")
_HOST = re.compile(r"[A-Za-z0-9_.-]{1,253}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")
_CHATS = re.compile(r"\s*-?[0-9]+\s*(,\s*-?[0-9]+\s*)*")
ROOT = Path(__file__).resolve().parent.parent
LEVELS = frozenset({"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"})
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class WrongTogether(ValueError):
    """Settings that do not go together: the one to change, and the key of what to write."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(why)
        self.name = name


class Settings(BaseSettings):
    """What an operator may set; each name below is an environment variable with `BOT_` before."""

    model_config = SettingsConfigDict(
        env_prefix="BOT_", env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True
    )

    data_dir: Path = Path("data")
    database_url: str | None = Field(default=None, repr=False)
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=1, le=65535)
    public_url: str | None = None
    timezone: str = "Asia/Ho_Chi_Minh"
    policy: Path | None = None
    secret_key: SecretStr | None = None
    rehearsal: bool | None = None
    tick_seconds: float = Field(default=15.0, gt=0, le=3600)
    log_level: str = "INFO"
    #: Whether the service keeps to one core of the machine (bot/cores.py).
    one_core: bool = True
    telegram_token: SecretStr | None = None
    telegram_api_url: str = Field(default="https://api.telegram.org/bot", repr=False)
    telegram_file_url: str = Field(default="https://api.telegram.org/file/bot", repr=False)
    telegram_mode: Literal["polling", "webhook"] = "polling"
    telegram_webhook_secret: SecretStr | None = None
    telegram_proxy: str | None = Field(default=None, repr=False)
    #: For `check --watch`, which may run where the database is not.
    watch_chats: str | None = None
    watch_state: Path | None = None

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError("unknown_zone") from error
        return value

    @field_validator("database_url")
    @classmethod
    def _a_kind_we_know(cls, value: str | None) -> str | None:
        if value and value.startswith(("postgresql://", "postgres://")):
            value = "postgresql+psycopg://" + value.partition("://")[2]
        if value and not value.startswith("sqlite:///"):
            try:
                parts = urlsplit(value)
                known = parts.scheme == "postgresql+psycopg" and (parts.port or 1) > 0
            except ValueError:  # no number for the port, or a bracket too many
                known = False
            if not known:
                raise ValueError("database_kind")
        return value or None

    @field_validator("policy")
    @classmethod
    def _policy_is_there(cls, value: Path | None) -> Path | None:
        try:
            there = value is None or value.is_file()
        except OSError:  # a name that no folder can hold
            there = False
        if not there:
            raise ValueError("no_such_file")
        return value

    @field_validator("host")
    @classmethod
    def _a_host(cls, value: str) -> str:
        if ":" in value:
            ip_address(value)
        elif not _HOST.fullmatch(value):
            raise ValueError("host")
        return value

    @field_validator("log_level")
    @classmethod
    def _a_level(cls, value: str) -> str:
        if value.upper() not in LEVELS:
            raise ValueError("log_level")
        return value

    @field_validator("public_url")
    @classmethod
    def _a_public_address(cls, value: str | None) -> str | None:
        if not value:
            return None
        try:
            parts = urlsplit(value)
            whole = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        except ValueError:  # no port, no IPv6 address
            whole = False
        if not whole:
            raise ValueError("public_url")
        return value.rstrip("/")

    @field_validator("telegram_token")
    @classmethod
    def _a_bot_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _TOKEN.fullmatch(value.get_secret_value()):
            raise ValueError("telegram_token")
        return value

    @field_validator("telegram_webhook_secret")
    @classmethod
    def _a_webhook_secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _SECRET.fullmatch(value.get_secret_value()):
            raise ValueError("webhook_secret")
        return value

    @field_validator("telegram_proxy")
    @classmethod
    def _a_proxy(cls, value: str | None) -> str | None:
        if value and urlsplit(value).scheme not in ("http", "https", "socks5", "socks5h"):
            raise ValueError("telegram_proxy")
        return value or None

    @field_validator("watch_chats")
    @classmethod
    def _chats_of_telegram(cls, value: str | None) -> str | None:
        if value and not _CHATS.fullmatch(value):
            raise ValueError("watch_chats")
        return value or None

    @field_validator("telegram_api_url", "telegram_file_url")
    @classmethod
    def _an_address(cls, value: str) -> str:
        if urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).hostname:
            raise ValueError("api_address")
        return value

    @model_validator(mode="after")
    def _webhook_is_whole(self) -> "Settings":
        if self.telegram_token is None or self.telegram_mode != "webhook":
            return self
        if self.telegram_webhook_secret is None:
            raise WrongTogether("telegram_webhook_secret", "webhook_secret")
        if not self.public_url:
            raise WrongTogether("public_url", "webhook_address")
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The one time zone of this database."""
        return ZoneInfo(self.timezone)

    @property
    def database(self) -> str:
        """The address of the database: a file in the data folder where none is set."""
        return self.database_url or f"sqlite:///{self.data_dir / 'motdaumoi.db'}"

    @property
    def database_is_file(self) -> bool:
        """Whether the database is one file of this machine, and no server's."""
        return self.database.startswith("sqlite:///")

    @property
    def database_path(self) -> Path:
        """The SQLite file. Raises ValueError where the database is none."""
        if not self.database_is_file:
            raise ValueError("the database is no file")
        return Path(self.database.partition(":///")[2])

    @property
    def database_folder(self) -> Path:
        """Where a copy of the database can lie beside it."""
        return self.database_path.parent if self.database_is_file else self.data_dir

    @property
    def database_name(self) -> str:
        """How the database is named to people: its file, or its address without the password."""
        if self.database_is_file:
            return str(self.database_path)
        parts = urlsplit(self.database)
        return f"{parts.hostname or ''}{parts.path}" if parts.hostname else parts.path

    @property
    def address(self) -> str:
        """Where people find the page."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.public_url or f"http://{host}:{self.port}"

    @property
    def telegram_loopback(self) -> bool:
        """Whether the Bot API server is on this machine: the only one a rehearsal may use."""
        return urlsplit(self.telegram_api_url).hostname in LOOPBACK

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the page."""
        return self.host in LOOPBACK


class SettingFaults(Exception):
    """Every wrong setting: its name and the key of what to write instead."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(", ".join(faults))
        self.faults = dict(faults)


def read_settings(**given: Any) -> Settings:
    """The settings in force. Raises SettingFaults naming all that are wrong."""
    try:
        return Settings(**given)
    except ValidationError as error:
        faults = {}
        for one in error.errors():
            context = one.get("ctx", {}).get("error")
            field = context.name if isinstance(context, WrongTogether) else str(one["loc"][0])
            name = "BOT_" + field.upper()
            faults[name] = str(context) if context else one["type"]
        raise SettingFaults(faults) from None


def environment_names() -> frozenset[str]:
    """Variables with our prefix that are set now, for `bot check`."""
    return frozenset(name for name in os.environ if name.startswith("BOT_"))
