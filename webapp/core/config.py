"""Every setting of the application, declared once with its documentation.

A setting is read from the environment as MARSHRUT_<NAME>; `docs/settings.md` prints this registry.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from flask import Flask, current_app

PREFIX = "MARSHRUT_"
TRUE_WORDS = {"1", "true", "yes", "on"}
FALSE_WORDS = {"0", "false", "no", "off", ""}


def declare(default: Any, doc: str) -> Any:
    """One setting: its default, and what the person who runs the system must know of it."""
    return field(default=default, metadata={"doc": doc})


@dataclass(frozen=True)
class Settings:
    """The settings as the application reads them; see `settings()`."""

    data_dir: str = declare("var", "Folder for the SQLite file, uploads and the generated secret key.")
    template_cache: str = declare(
        "", "Folder for the compiled pages, so that a start is quick. Empty: pages in the data folder."
    )
    database_url: str = declare("", "SQLAlchemy URL. Empty: an SQLite file in the data folder.")
    secret_key: str = declare("", "Signs sessions and links. Empty: generated once and kept in the data folder.")
    base_url: str = declare("http://127.0.0.1:8000", "Address under which people reach the system; used in mails.")
    secure_cookies: bool = declare(True, "Send cookies over HTTPS only. Switch off for plain HTTP on one machine.")
    proxies: int = declare(0, "How many reverse proxies stand before the application and set X-Forwarded-*.")
    demo: bool = declare(False, "Demo dealer: signing in as any role with one click. Never with real data.")
    demo_percent: int = declare(
        1,
        "How much of a dealer's two years the demo has, per cent of his inquiries. The beginning is played "
        "before the first start, the rest while the application runs.",
    )
    default_language: str = declare("ru", "Language for people who have chosen none: ru or en.")
    time_zone: str = declare("Europe/Moscow", "Time zone for people who have chosen none.")
    phone_region: str = declare("RU", "Country of phone numbers that are written without a country code.")
    session_hours: int = declare(12, "After so many idle hours a person signs in again.")
    sign_in_limit: str = declare("10 per minute; 60 per hour", "Sign-in attempts allowed from one address.")
    lockout_failures: int = declare(8, "Wrong passwords in a row after which an account waits.")
    lockout_minutes: int = declare(15, "How long an account waits after too many wrong passwords.")
    reset_hours: int = declare(2, "How long a link for a new password works.")
    smtp_host: str = declare("", "Mail server. Empty: mails wait in the outbox until one is named.")
    smtp_port: int = declare(587, "Port of the mail server.")
    smtp_security: str = declare("starttls", "Protection of the connection to it: none, starttls or tls.")
    smtp_user: str = declare("", "User at the mail server; empty when it asks for none.")
    smtp_password: str = declare("", "Password at the mail server.")
    mail_from: str = declare("Marshrut <marshrut@example.com>", "Sender of mails.")
    advertising_most: int = declare(2, "Advertising that a customer gets at most by one channel in advertising_days.")
    advertising_days: int = declare(30, "Days over which advertising is counted.")
    advertising_from_hour: int = declare(
        9, "Hour of the clock at the customer's centre from which advertising is sent."
    )
    advertising_until_hour: int = declare(20, "Hour from which no more is sent on that day.")
    unsubscribe_limit: str = declare("20 per minute; 200 per hour", "Calls of the unsubscribe page from one address.")
    history_keep_days: int = declare(
        0,
        "Days after its end for which a case keeps every detail of its history; then one entry sums them up, and what "
        "the funnel counts stays. 0: for ever.",
    )
    command_keep_days: int = declare(
        90,
        "Days for which the answer to a submitted form is remembered, so that a repetition gets the same one. "
        "0: for ever.",
    )
    told_keep_days: int = declare(
        365, "Days for which the texts of sent messages and read notifications are kept. 0: for ever."
    )
    api_token_limit: str = declare("600 per minute", "Calls of the API allowed with one token, for each web process.")
    api_address_limit: str = declare(
        "1200 per minute", "Calls of the API allowed from one address, for each web process."
    )
    webhook_private_addresses: bool = declare(
        False, "Let webhooks go to addresses within this network, also by plain HTTP. Only for trying them out."
    )
    webhook_failure_days: int = declare(5, "Days of failures in a row after which a webhook is switched off.")
    files_dir: str = declare("", "Folder for what people hand in. Empty: the folder files in the data folder.")
    file_megabytes: int = declare(15, "Largest photo or document that is accepted.")
    upload_megabytes: int = declare(25, "Largest request that is accepted.")
    log_format: str = declare("plain", "Form of log lines: plain, or json with one object for each line.")
    log_requests: bool = declare(False, "Write a log line for every request: route, status, duration, who.")
    log_file: str = declare("", "File for log lines, rotated by its size. Empty: the standard error output.")
    log_megabytes: int = declare(20, "Size at which the log file is set aside and a new one begun.")
    log_files: int = declare(10, "How many log files that were set aside are kept.")
    slow_request_ms: int = declare(3000, "A request that takes longer is warned of in the log. 0: none is.")
    slow_statement_ms: int = declare(
        0, "A statement that takes longer is warned of in the log; timing costs each of them a little. 0: none is."
    )
    metrics_token: str = declare(
        "", "Whoever asks /metrics with this bearer token gets the figures for Prometheus. Empty: nobody by token."
    )
    metrics_from: str = declare(
        "", "Addresses or networks that get /metrics without a token, with commas between. Empty: none."
    )

    @property
    def resolved_database_url(self) -> str:
        return self.database_url or f"sqlite:///{Path(self.data_dir).resolve() / 'marshrut.db'}"


def init_app(app: Flask, overrides: Mapping[str, object]) -> None:
    """Read the environment and the overrides; lower-case names are settings, upper-case ones are Flask's."""
    given = {name: value for name, value in overrides.items() if name.islower()}
    chosen = replace(read_environment(os.environ), **given)  # type: ignore[arg-type]  # names are checked by replace
    if not chosen.secret_key:
        chosen = replace(chosen, secret_key=_kept_secret(Path(chosen.data_dir)))
    app.extensions["settings"] = chosen
    app.config.update(
        SECRET_KEY=chosen.secret_key,
        MAX_CONTENT_LENGTH=chosen.upload_megabytes * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
    )
    app.config.from_mapping({name: value for name, value in overrides.items() if name.isupper()})


def settings() -> Settings:
    """The settings of the running application."""
    found: Settings = current_app.extensions["settings"]
    return found


def read_environment(environment: Mapping[str, str]) -> Settings:
    """Settings from MARSHRUT_* variables. Raises ValueError for an unknown or unreadable one."""
    known = {declared.name: declared for declared in fields(Settings)}
    values: dict[str, Any] = {}
    for variable, text in environment.items():
        if not variable.startswith(PREFIX):
            continue
        name = variable.removeprefix(PREFIX).lower()
        if name not in known:
            raise ValueError(f"{variable} is no setting; known are {', '.join(sorted(known))}")
        values[name] = _parse(known[name], variable, text)
    return Settings(**values)


def documented() -> list[tuple[str, str, str]]:
    """(variable, default, documentation) of every setting."""
    return [(PREFIX + each.name.upper(), str(each.default), each.metadata["doc"]) for each in fields(Settings)]


def _parse(declared: "Field[Any]", variable: str, text: str) -> object:
    if isinstance(declared.default, bool):
        if text.lower() in TRUE_WORDS | FALSE_WORDS:
            return text.lower() in TRUE_WORDS
        raise ValueError(f"{variable} must be true or false, not {text!r}")
    if isinstance(declared.default, int):
        try:
            return int(text)
        except ValueError:
            raise ValueError(f"{variable} must be a whole number, not {text!r}") from None
    return text


def _kept_secret(folder: Path) -> str:
    """The secret of this installation; made on the first start, readable by its owner only."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "secret_key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        secret = secrets.token_urlsafe(48)
        file.write(secret)
    return secret
