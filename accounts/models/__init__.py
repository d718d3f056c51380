from accounts.models.alarm import Alarm
from accounts.models.certificate import CertificateSignature
from accounts.models.code import Message, Throttle, TransactionCode
from accounts.models.factor import Authenticator, CardCode, CodeCard, SecurityEvent
from accounts.models.heartbeat import Heartbeat
from accounts.models.office import Office
from accounts.models.outgoing import Outgoing
from accounts.models.registration import ActivationCode, IdentityCheck, Registration
from accounts.models.session import LiveSession
from accounts.models.two_people import TwoPersonAct
from accounts.models.user import Role, User

__all__ = [
    "ActivationCode",
    "Alarm",
    "Authenticator",
    "CardCode",
    "CertificateSignature",
    "CodeCard",
    "Heartbeat",
    "IdentityCheck",
    "LiveSession",
    "Message",
    "Office",
    "Outgoing",
    "Registration",
    "Role",
    "SecurityEvent",
    "Throttle",
    "TransactionCode",
    "TwoPersonAct",
    "User",
]
