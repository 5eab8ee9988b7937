"""The forms that work without JavaScript; what they check, services check again."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, HiddenField, PasswordField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than its stubs
from wtforms.validators import DataRequired, Length

from dashboard.money import CURRENCIES, LOCALES
from dashboard.view.pages.settings import language

COMMON = ("EUR", "USD", "GBP", "CHF")
_CURRENCIES = [SelectChoice(code, code) for code in (*COMMON, *(c for c in CURRENCIES if c not in COMMON))]


class SignInForm(FlaskForm):  # type: ignore[misc]
    """Email and password."""

    email = EmailField("Email", [DataRequired("Type your email"), Length(max=254)])
    password = PasswordField(
        "Password", [DataRequired("Type your password"), Length(max=1024, message="That is longer than any password here")]
    )
    keep = BooleanField("Keep me signed in for 30 days", default=True)


class SignUpForm(FlaskForm):  # type: ignore[misc]
    """A new person with a book of their own."""

    name = StringField("Name", [Length(max=80)])
    email = EmailField("Email", [DataRequired("Type your email"), Length(max=254)])
    password = PasswordField("Password", [DataRequired("Type a password"), Length(max=1024)])
    currency = SelectField("Currency", choices=_CURRENCIES, default="EUR")
    locale = SelectField("Numbers and dates", choices=[SelectChoice(code, language(code)) for code in LOCALES], default="en-IE")
    zone = HiddenField(default="UTC")


class PasswordForm(FlaskForm):  # type: ignore[misc]
    """The present password and a new one."""

    old = PasswordField("Present password", [DataRequired("Type your present password"), Length(max=1024)])
    password = PasswordField("New password", [DataRequired("Type a new password"), Length(max=1024)])
