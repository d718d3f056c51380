"""The papers the portal writes: pure functions from dataclasses to PDF bytes, no database, no clock.

One module a paper, one template of the same name in ``templates/documents/``. The same sheet always
gives the same bytes. The PDFs are tagged (PDF/UA-1) and fit for the archive (PDF/A-2a), fonts
embedded.

A process that forks must not have made a PDF before it forks: see ``typesetting``.
"""

from procedures.documents.apology import ApologySheet, apology_pdf
from procedures.documents.control_slip import ControlSlip, HandOverLine, control_slip_pdf
from procedures.documents.decision import COMPLAINT, Change, DecisionSheet, Outcome, Payment, decision_pdf
from procedures.documents.form import Column, Field, FormSheet, Section, Table, form_pdf
from procedures.documents.parts import Letterhead, Limit, Paper, PaperMeans, Person, Proof, Signing
from procedures.documents.receipt import ReceiptSheet, receipt_pdf
from procedures.documents.supplement_request import Defect, SupplementSheet, supplement_request_pdf

__all__ = [
    "COMPLAINT",
    "ApologySheet",
    "Change",
    "Column",
    "ControlSlip",
    "DecisionSheet",
    "Defect",
    "Field",
    "FormSheet",
    "HandOverLine",
    "Letterhead",
    "Limit",
    "Outcome",
    "Paper",
    "PaperMeans",
    "Payment",
    "Person",
    "Proof",
    "ReceiptSheet",
    "Section",
    "Signing",
    "SupplementSheet",
    "Table",
    "apology_pdf",
    "control_slip_pdf",
    "decision_pdf",
    "form_pdf",
    "receipt_pdf",
    "supplement_request_pdf",
]
