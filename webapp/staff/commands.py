"""`marshrut create-admin`: the first administrator, or the rescue when nobody can sign in any more."""

import click

from webapp.core.clock import now
from webapp.core.database import unit_of_work
from webapp.core.errors import DomainError
from webapp.staff import services


@click.command("create-admin")
@click.option("--name", prompt=True)
@click.option("--email", prompt=True)
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
def create_admin(name: str, email: str, password: str) -> None:
    """Create an administrator of all centres."""
    try:
        with unit_of_work() as session:
            services.create_administrator(session, name=name, email=email, password=password, now=now())
    except DomainError as refusal:
        raise click.ClickException(f"{refusal.code}: {refusal}") from refusal
    click.echo(f"{name} can sign in as {email}.")
