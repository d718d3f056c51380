"""What every way of sending a message can do."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

State = Literal["delivered", "accepted", "refused"]


class GatewayError(Exception):
    """The message didn't leave. Trying again later may help."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that goes with an e-mail."""

    name: str
    content: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """What the carrier said: ``delivered`` to the person, ``accepted`` with a receipt to come, or
    ``refused`` for good (no such address)."""

    state: State
    reason: str = ""
    reference: str = ""  # the carrier's own name for the message, by which its receipt comes
    gateway: str = ""  # which carrier it was

    @property
    def delivered(self) -> bool:
        return self.state == "delivered"


class Gateway(Protocol):
    """A carrier of messages of one channel."""

    def send(
        self, destination: str, subject: str, text: str, html: str = "", attachments: Sequence[Attached] = ()
    ) -> Delivery:
        """Hand over one message. A text message has no subject, html or attachments.

        Raises GatewayError when it didn't leave.
        """
        ...
