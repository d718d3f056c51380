"""The papers of a dossier as its receipt lists them: what came, how, and what is still to come."""

from portal.lib.vietnamese import format_date
from procedures.documents import Paper, PaperMeans
from procedures.domain.definition import Copy, Document
from procedures.models import Dossier, PaperOriginal
from procedures.selectors.definitions import needs_of


def received_papers(dossier: Dossier) -> list[Paper]:
    """In the order of the sheet; a paper nobody promised or gave isn't listed."""
    files: dict[str, int] = {}
    for attachment in dossier.attachments.filter(filing_number__isnull=False):
        files[attachment.document] = files.get(attachment.document, 0) + 1
    promised = {paper.document: paper for paper in dossier.paper_originals.all()}
    papers = []
    for need in needs_of(dossier):
        document = need.document
        if document.filled_here:
            papers.append(_paper(document, PaperMeans.FILLED_HERE, ""))
        elif document.code in files:
            papers.append(_paper(document, PaperMeans.ELECTRONIC, f"{files[document.code]} tệp"))
        elif document.code in promised:
            papers.append(_paper(document, *_means(promised[document.code])))
    return papers


def _means(original: PaperOriginal) -> tuple[PaperMeans, str]:
    if original.received_at is not None:
        return PaperMeans.ON_PAPER, format_date(original.received_on) if original.received_on else ""
    return PaperMeans.TO_FOLLOW, "chưa nhận được" if original.missing_at else ""


def _paper(document: Document, means: PaperMeans, note: str) -> Paper:
    is_original = document.copy is Copy.ORIGINAL
    name = f"{document.name} ({document.form})" if document.form else document.name
    return Paper(name=name, originals=int(is_original), copies=int(not is_original), means=means, note=note)
