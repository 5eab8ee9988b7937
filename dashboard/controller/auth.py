"""Sign in, sign up, sign out, change the password: server-rendered, without JavaScript."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, send_from_directory
from flask_login import current_user
from flask_wtf import FlaskForm

from dashboard.config import ROOT
from dashboard.controller.forms import PasswordForm, SignInForm, SignUpForm
from dashboard.controller.gate import redirect_to
from dashboard.controller.session import address, agent, config, engine, enter, leave
from dashboard.errors import DashboardError, InputNotValid, TooManyTries
from dashboard.money import LOCALES
from dashboard.services.people import leaving, people, sessions

blueprint = Blueprint("auth", __name__)

# What the sign-in page says to whom it was shown instead of what they wanted.
NOTICES = {
    "expired": "You were signed out. Sign in and you are back.",
    "deleted": "Your account is deleted and every device is signed out. The person who runs this server can bring it back within 7 days.",
}


@blueprint.get("/health")
def health() -> dict[str, str]:
    """Say that the process answers."""
    return {"status": "ok"}


@blueprint.get("/favicon.ico")
def favicon() -> Any:
    """Answer the browser that asks for a picture of its own accord."""
    return send_from_directory(ROOT / "assets", "icon.svg")


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Any:
    """Show the form; check it."""
    if current_user.is_authenticated and request.method == "GET":
        return redirect("/")
    form = SignInForm()
    notice = next((text for name, text in NOTICES.items() if request.method == "GET" and name in request.args), "")
    if request.method == "POST" and form.validate():
        try:
            opened = people.sign_in(engine(), form.email.data, form.password.data, keep=form.keep.data, address=address(), agent=agent())
        except DashboardError as error:
            return _again("sign_in.html", form, error, signup=config().signup == "open")
        enter(opened, keep=form.keep.data)
        leaving.purge_due(engine())
        return redirect_to(request.args.get("next"))
    shown = render_template("sign_in.html", form=form, problem="", notice=notice, signup=config().signup == "open")
    return shown, 400 if form.errors else 200


@blueprint.route("/sign-up", methods=["GET", "POST"])
def sign_up() -> Any:
    """Show the form; make a person with a book."""
    if current_user.is_authenticated and request.method == "GET":
        return redirect("/")
    if config().signup == "closed":
        return render_template("error.html", message="Signing up is closed on this server. Ask the person who runs it for an account."), 403
    form = SignUpForm()
    if request.method == "GET":
        form.locale.data = _guessed_locale()
        form.currency.data = {"en-GB": "GBP", "en-US": "USD", "de-CH": "CHF", "fr-CH": "CHF"}.get(form.locale.data, "EUR")
    elif form.validate():
        try:
            new = people.NewPerson(
                form.email.data,
                form.name.data,
                form.password.data,
                currency=form.currency.data,
                locale=form.locale.data,
                zone=form.zone.data,
            )
            user_id = people.sign_up(engine(), new, address=address())
        except DashboardError as error:
            return _again("sign_up.html", form, error)
        enter(sessions.open_session(engine(), user_id, address=address(), agent=agent()), keep=True)
        return redirect("/")
    return render_template("sign_up.html", form=form, problem=""), 400 if form.errors else 200


@blueprint.post("/sign-out")
def sign_out() -> Any:
    """End the session."""
    leave()
    return redirect("/sign-in")


@blueprint.route("/password", methods=["GET", "POST"])
def password() -> Any:
    """Show the form; set a new password and sign out every other browser."""
    form = PasswordForm()
    if request.method == "POST" and form.validate():
        try:
            opened = people.change_password(
                engine(), current_user.user_id, form.old.data, form.password.data, address=address(), agent=agent()
            )
        except DashboardError as error:
            return _again("password.html", form, error)
        enter(opened, keep=True)
        return redirect("/settings?tab=security")
    return render_template("password.html", form=form, problem=""), 400 if form.errors else 200


def _again(template: str, form: FlaskForm, error: DashboardError, **more: Any) -> Any:
    """Show a form again with what was wrong: beside its field where there is one."""
    name = error.field if isinstance(error, InputNotValid) else None
    problem = error.message
    if name and name in form:
        form[name].errors = [error.message]
        problem = ""
    headers = {"Retry-After": str(error.retry_after)} if isinstance(error, TooManyTries) else {}
    return render_template(template, form=form, problem=problem, **more), error.status, headers


def _guessed_locale() -> str:
    """Return the format of the browser's first language that we know."""
    best = request.accept_languages.best_match([*LOCALES, *{code.split("-")[0] for code in LOCALES}])
    if best in LOCALES:
        return str(best)
    return next((code for code in LOCALES if best and code.startswith(str(best))), "en-IE")
