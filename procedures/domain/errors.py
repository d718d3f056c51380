"""What the rules say no to. Every message is Vietnamese and ready to be shown."""


class DomainError(Exception):
    """A rule of the domain was broken. ``question`` names the field the message belongs to."""

    def __init__(self, message: str, question: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.question = question


class NotAllowed(DomainError):
    """The act isn't possible in the dossier's present status."""


class Stale(DomainError):
    """The form was made from an older state of the dossier."""


class NotHeld(DomainError):
    """The officer doesn't hold the dossier; the message says who does and since when."""


class UnknownOffice(DomainError):
    """The competent office can't be told from the answers."""


class UnknownProcedure(DomainError):
    """No procedure of that code, or none valid on that day."""


class NoDeadline(DomainError):
    """No limit or due date can be told."""


class NoEstimate(DomainError):
    """The benefit can't be reckoned from what is known; the message says why."""
