"""``flask users``: people who sign in to the staff pages."""

from __future__ import annotations

import sys

import click
from email_validator import EmailNotValidError, validate_email
from flask.cli import AppGroup
from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.account.passwords import hash_password, password_problem
from app.clock import now
from app.database import write_transaction
from cases.local_day import london_day
from cases.models.authority import Authority, Office
from cases.models.staff import Appointment, Role, StaffUser

FRONT_DESK = "front-desk"
DESK_ROLES = (Role.AGENT, Role.COUNTER, Role.SUPERVISOR, Role.ADMINISTRATOR)

cli = AppGroup("users", help="People who sign in to the staff pages.")


@cli.command()
@click.option("--email", required=True, prompt="Email address")
@click.option("--name", required=True, prompt="Name")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]), prompt="Role")
@click.option("--authority", required=True, prompt="Council", help="GSS code or slug of a council, or 'front-desk'.")
@click.option("--office", help="Slug of the one-stop shop, for counter staff.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking.")
def add(email: str, name: str, role: str, authority: str, office: str | None, password_stdin: bool) -> None:
    """Add a member of staff. The password is asked for, and never an argument: those can be seen by others."""
    email = _email(email)
    password = _password(password_stdin)
    if problem := password_problem(password, name, email):
        raise click.ClickException(problem)
    password_hash = hash_password(password)
    moment = now()
    try:
        with write_transaction() as session:
            gss = _authority(session, authority, Role(role))
            appointment = Appointment(
                role=Role(role),
                authority_gss=gss,
                office_slug=_office(session, office, gss),
                starts_on=london_day(moment),
            )
            staff = StaffUser(email=email, name=name.strip(), password_hash=password_hash, created_at=moment)
            staff.appointments = [appointment]
            session.add(staff)
    except IntegrityError as error:
        raise click.ClickException(f"{email} is already a member of staff.") from error
    click.echo(f"{email} can sign in at /staff/sign-in.")


@cli.command("password")
@click.option("--email", required=True, prompt="Email address")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking.")
def change_password(email: str, password_stdin: bool) -> None:
    """Give somebody a new password; whoever is signed in with the old one no longer is."""
    password = _password(password_stdin)
    with write_transaction() as session:
        staff = _staff(session, email)
        if problem := password_problem(password, staff.name, staff.email):
            raise click.ClickException(problem)
        staff.password_hash = hash_password(password)
        staff.session_epoch += 1
    click.echo(f"{email} has a new password.")


@cli.command()
@click.option("--email", required=True, prompt="Email address")
def close(email: str) -> None:
    """Close the account of somebody who has left. What they did stays on record."""
    with write_transaction() as session:
        staff = _staff(session, email)
        staff.active = False
        staff.session_epoch += 1
    click.echo(f"{email} can no longer sign in.")


def _staff(session: Session, email: str) -> StaffUser:
    staff = session.scalar(select(StaffUser).where(StaffUser.email == _email(email)))
    if staff is None:
        raise click.ClickException(f"{email} is not a member of staff.")
    return staff


def _email(text: str) -> str:
    try:
        return validate_email(text.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError as error:
        raise click.ClickException(f"{text} is not an email address.") from error


def _password(from_stdin: bool) -> str:
    if from_stdin or not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password: str = click.prompt("Password", hide_input=True, confirmation_prompt="The same again")
    return password


def _authority(session: Session, text: str, role: Role) -> str | None:
    if text == FRONT_DESK:
        if role not in DESK_ROLES:
            raise click.ClickException("An officer works for a council, not for the front desk.")
        return None
    wanted = or_(Authority.gss == text.upper(), Authority.slug == text.lower())
    gss = session.scalar(select(Authority.gss).where(wanted))
    if gss is None:
        known = session.scalars(select(Authority.slug).order_by(Authority.slug)).all()
        hint = ", ".join(known) if known else "none yet: run db upgrade first"
        raise click.ClickException(f"There is no council {text}. There are: front-desk, {hint}.")
    return gss


def _office(session: Session, slug: str | None, gss: str | None) -> str | None:
    if slug is None:
        return None
    office = session.scalar(select(Office).where(Office.slug == slug))
    if office is None or (gss is not None and office.authority_gss != gss):
        raise click.ClickException(f"That council has no office {slug}.")
    return slug
