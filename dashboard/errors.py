"""Everything that can be refused, named as a sentence, with a message for the person and a status for HTTP."""

from __future__ import annotations


class DashboardError(Exception):
    """Something was refused."""

    status = 400

    def __init__(self, message: str | None = None) -> None:
        """Keep the sentence shown to the person; the class docstring is the default."""
        self.message = message or (self.__doc__ or "").strip()
        super().__init__(self.message)


class InputNotValid(DashboardError):
    """That could not be read."""

    def __init__(self, message: str, field: str | None = None) -> None:
        """Name the field, so that the form can show the sentence beside it."""
        super().__init__(message)
        self.field = field


class QuestionOpen(InputNotValid):
    """A file leaves something open that a person has to say."""

    def __init__(self, message: str, field: str, answers: tuple[tuple[str, str], ...] = ()) -> None:
        """Keep the answers: each as it is said, and what it means. How they are given is for whoever asks."""
        super().__init__(message, field)
        self.answers = answers


class StatementNotReadable(DashboardError):
    """This file is not a bank statement that can be read."""


class FileTooLarge(StatementNotReadable):
    """This file is larger than an upload may be."""

    status = 413


class NotFound(DashboardError):
    """That does not exist, or is not yours."""

    status = 404


class NotSignedIn(DashboardError):
    """Sign in to see this."""

    status = 401


class RequestRefused(DashboardError):
    """This request did not come from this site."""

    status = 403


class ChangedMeanwhile(DashboardError):
    """This was changed in the meantime. Reload to see how it stands now; nothing of yours was saved."""

    status = 409


class UndoRefused(DashboardError):
    """This cannot be undone any more."""

    status = 409


class RowsAreGone(UndoRefused):
    """This cannot be undone: some of what it wrote has been deleted since."""


class TooManyTries(DashboardError):
    """Too many tries. Wait a little."""

    status = 429

    def __init__(self, message: str, retry_after: int) -> None:
        """Keep the seconds until the next try is answered."""
        super().__init__(message)
        self.retry_after = retry_after


class DatabaseBusy(DashboardError):
    """The database was busy for more than 5 seconds. Nothing was changed; try again."""

    status = 503


class DatabaseNotReady(DashboardError):
    """The database does not have the tables of this version: `python -m dashboard migrate` makes them."""

    status = 503


class ConfigNotSafe(DashboardError):
    """The settings are not safe to run with."""

    status = 500
