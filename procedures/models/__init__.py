from procedures.models.access import AccessEntry
from procedures.models.attachment import Attachment, FileCheck, PaperOriginal
from procedures.models.check_mark import CheckMark
from procedures.models.clock import Apology, Breach, Clock, ClockPause, Outage
from procedures.models.complaint import Complaint
from procedures.models.cosignature import CoSignature
from procedures.models.daily_count import DailyCount
from procedures.models.decision import Decision
from procedures.models.difficulty import Difficulty
from procedures.models.dispatch import Dispatch
from procedures.models.dossier import Channel, Dossier
from procedures.models.event import DossierEvent
from procedures.models.filing import Filing
from procedures.models.handover import HandOver
from procedures.models.holiday import Holiday
from procedures.models.imported_count import ImportedCount
from procedures.models.incoming import IncomingFile
from procedures.models.internal_note import InternalNote
from procedures.models.log import Checkpoint, Leaf, LogKey, TreeNode
from procedures.models.notice import Notice
from procedures.models.proposal import Proposal
from procedures.models.rating import Rating
from procedures.models.report import ReportEdition
from procedures.models.revision import EstimateRevision
from procedures.models.saved_filter import SavedFilter
from procedures.models.succession import Succession, SuccessionMove
from procedures.models.supplement import SupplementRequest
from procedures.models.tally import MonthTally, ReferenceSequence, Tally, TallyMark
from procedures.models.target import Target
from procedures.models.transfer import Transfer

__all__ = [
    "AccessEntry",
    "Apology",
    "Attachment",
    "Breach",
    "Channel",
    "CheckMark",
    "Checkpoint",
    "Clock",
    "ClockPause",
    "CoSignature",
    "Complaint",
    "DailyCount",
    "Decision",
    "Difficulty",
    "Dispatch",
    "Dossier",
    "DossierEvent",
    "EstimateRevision",
    "FileCheck",
    "Filing",
    "HandOver",
    "Holiday",
    "ImportedCount",
    "IncomingFile",
    "InternalNote",
    "Leaf",
    "LogKey",
    "MonthTally",
    "Notice",
    "Outage",
    "PaperOriginal",
    "Proposal",
    "Rating",
    "ReferenceSequence",
    "ReportEdition",
    "SavedFilter",
    "Succession",
    "SuccessionMove",
    "SupplementRequest",
    "Tally",
    "TallyMark",
    "Target",
    "Transfer",
    "TreeNode",
]
