"""The life of a dossier (hồ sơ): statuses, acts, and the table that says which act leads where.

The one writer of a status is ``procedures.services.lifecycle.advance``.
"""

from enum import StrEnum

from procedures.domain.errors import NotAllowed


class Status(StrEnum):
    DRAFT = "draft"
    FILED = "filed"
    QUEUED = "queued"
    SUPPLEMENT_REQUESTED = "supplement_requested"
    PROPOSED = "proposed"
    TRANSFERRING = "transferring"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    FILE = "file"
    DELIVER = "deliver"
    REQUEST_SUPPLEMENT = "request_supplement"
    SUPPLEMENT = "supplement"
    PROPOSE = "propose"
    PROPOSE_REFUSAL = "propose_refusal"
    RETURN_PROPOSAL = "return_proposal"
    SEND_TRANSFER = "send_transfer"
    REFER = "refer"
    ACCEPT_REFERRAL = "accept_referral"
    RETURN_TRANSFER = "return_transfer"
    APPROVE = "approve"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"


class Actor(StrEnum):
    FILER = "filer"
    OFFICE = "office"
    PORTAL = "portal"


TRANSITIONS: dict[tuple[Status, Act], Status] = {
    (Status.DRAFT, Act.FILE): Status.FILED,
    (Status.FILED, Act.DELIVER): Status.QUEUED,
    (Status.FILED, Act.WITHDRAW): Status.WITHDRAWN,
    (Status.QUEUED, Act.REQUEST_SUPPLEMENT): Status.SUPPLEMENT_REQUESTED,
    (Status.QUEUED, Act.PROPOSE): Status.PROPOSED,
    (Status.QUEUED, Act.PROPOSE_REFUSAL): Status.PROPOSED,
    (Status.QUEUED, Act.REFER): Status.TRANSFERRING,
    (Status.QUEUED, Act.WITHDRAW): Status.WITHDRAWN,
    (Status.SUPPLEMENT_REQUESTED, Act.SUPPLEMENT): Status.FILED,
    (Status.SUPPLEMENT_REQUESTED, Act.PROPOSE_REFUSAL): Status.PROPOSED,
    (Status.SUPPLEMENT_REQUESTED, Act.WITHDRAW): Status.WITHDRAWN,
    (Status.PROPOSED, Act.RETURN_PROPOSAL): Status.QUEUED,
    (Status.PROPOSED, Act.APPROVE): Status.APPROVED,
    (Status.PROPOSED, Act.REFUSE): Status.REFUSED,
    (Status.PROPOSED, Act.SEND_TRANSFER): Status.TRANSFERRING,
    (Status.PROPOSED, Act.WITHDRAW): Status.WITHDRAWN,
    (Status.TRANSFERRING, Act.APPROVE): Status.APPROVED,
    (Status.TRANSFERRING, Act.ACCEPT_REFERRAL): Status.QUEUED,
    (Status.TRANSFERRING, Act.RETURN_TRANSFER): Status.QUEUED,
    (Status.TRANSFERRING, Act.WITHDRAW): Status.WITHDRAWN,
    (Status.APPROVED, Act.REOPEN): Status.QUEUED,
    (Status.REFUSED, Act.REOPEN): Status.QUEUED,
}

OPEN = frozenset({Status.QUEUED, Status.SUPPLEMENT_REQUESTED, Status.PROPOSED, Status.TRANSFERRING})
"""Statuses in which a dossier stands in its office's queue."""

DECIDED = frozenset({Status.APPROVED, Status.REFUSED})

PAUSED = frozenset({Status.SUPPLEMENT_REQUESTED})
"""Statuses in which the office's clock stands still, because the filer has to act."""

ACTORS: dict[Act, Actor] = {
    Act.FILE: Actor.FILER,
    Act.DELIVER: Actor.PORTAL,
    Act.REQUEST_SUPPLEMENT: Actor.OFFICE,
    Act.SUPPLEMENT: Actor.FILER,
    Act.PROPOSE: Actor.OFFICE,
    Act.PROPOSE_REFUSAL: Actor.OFFICE,
    Act.RETURN_PROPOSAL: Actor.OFFICE,
    Act.SEND_TRANSFER: Actor.OFFICE,
    Act.REFER: Actor.OFFICE,
    Act.ACCEPT_REFERRAL: Actor.OFFICE,
    Act.RETURN_TRANSFER: Actor.OFFICE,
    Act.APPROVE: Actor.OFFICE,
    Act.REFUSE: Actor.OFFICE,
    Act.WITHDRAW: Actor.FILER,
    Act.REOPEN: Actor.OFFICE,
}

# Whose turn it is; nobody's once the dossier is settled.
NEXT_ACTOR: dict[Status, Actor | None] = {
    Status.DRAFT: Actor.FILER,
    Status.FILED: Actor.PORTAL,
    Status.QUEUED: Actor.OFFICE,
    Status.SUPPLEMENT_REQUESTED: Actor.FILER,
    Status.PROPOSED: Actor.OFFICE,
    Status.TRANSFERRING: Actor.OFFICE,
    Status.APPROVED: None,
    Status.REFUSED: None,
    Status.WITHDRAWN: None,
}

ACTOR_NAMES: dict[Actor, str] = {
    Actor.FILER: "người nộp",
    Actor.OFFICE: "cơ quan BHXH",
    Actor.PORTAL: "cổng hồ sơ (tự động)",
}

NAMES: dict[Status, str] = {
    Status.DRAFT: "Bản nháp",
    Status.FILED: "Đã nộp",
    Status.QUEUED: "Đang giải quyết",
    Status.SUPPLEMENT_REQUESTED: "Chờ bổ sung",
    Status.PROPOSED: "Chờ ký",
    Status.TRANSFERRING: "Đang chuyển",
    Status.APPROVED: "Đã duyệt",
    Status.REFUSED: "Bị từ chối",
    Status.WITHDRAWN: "Đã rút",
}

# For the filer: what it means, and who acts next.
MEANINGS: dict[Status, str] = {
    Status.DRAFT: "Ông/bà chưa nộp. Hồ sơ chỉ được giải quyết sau khi ông/bà ký và nộp.",
    Status.FILED: "Hồ sơ đã được ghi nhận và đang chuyển đến cơ quan BHXH. Ông/bà không cần làm gì.",
    Status.QUEUED: "Cơ quan BHXH đang giải quyết. Ông/bà không cần làm gì, chỉ chờ đến ngày hẹn.",
    Status.SUPPLEMENT_REQUESTED: "Cơ quan BHXH đang chờ ông/bà bổ sung. Đến lượt ông/bà.",
    Status.PROPOSED: "Cán bộ đã xem xét xong, người có thẩm quyền đang xem để ký. Ông/bà không cần làm gì.",
    Status.TRANSFERRING: "Hồ sơ đang chuyển sang cơ quan BHXH khác, chờ nơi đó nhận. Ông/bà không cần làm gì; "
    "nếu đang hưởng hàng tháng, nơi cũ vẫn chịu trách nhiệm cho đến khi nơi mới nhận.",
    Status.APPROVED: "Hồ sơ đã được duyệt. Ông/bà nhận kết quả theo cách đã chọn.",
    Status.REFUSED: "Hồ sơ không được giải quyết. Lý do ghi trong thông báo; ông/bà có quyền khiếu nại.",
    Status.WITHDRAWN: "Ông/bà đã rút hồ sơ. Có thể nộp lại bất cứ lúc nào.",
}

ACT_NAMES: dict[Act, str] = {
    Act.FILE: "Ông/bà đã ký và nộp hồ sơ",
    Act.DELIVER: "Hồ sơ đã đến cơ quan BHXH",
    Act.REQUEST_SUPPLEMENT: "Cơ quan BHXH yêu cầu bổ sung",
    Act.SUPPLEMENT: "Ông/bà đã ký và nộp bổ sung",
    Act.PROPOSE: "Cán bộ xem xét xong và trình ký",
    Act.PROPOSE_REFUSAL: "Cán bộ xem xét xong và trình ký",
    Act.RETURN_PROPOSAL: "Cơ quan BHXH xem xét lại trước khi ký",
    Act.SEND_TRANSFER: "Cơ quan BHXH nơi đi gửi hồ sơ cho nơi đến",
    Act.REFER: "Hồ sơ được chuyển đến cơ quan BHXH có thẩm quyền",
    Act.ACCEPT_REFERRAL: "Cơ quan BHXH có thẩm quyền đã nhận hồ sơ",
    Act.RETURN_TRANSFER: "Hồ sơ trở lại cơ quan BHXH nơi đi",
    Act.APPROVE: "Cơ quan BHXH duyệt hồ sơ",
    Act.REFUSE: "Cơ quan BHXH từ chối giải quyết",
    Act.WITHDRAW: "Ông/bà đã rút hồ sơ",
    Act.REOPEN: "Khiếu nại đúng: hồ sơ được mở lại để giải quyết lại",
}


def after(status: Status, act: Act) -> Status:
    """The status the act leads to.

    Raises:
        NotAllowed: the table has no such line.
    """
    following = TRANSITIONS.get((status, act))
    if following is None:
        raise NotAllowed(f"Hồ sơ đang ở trạng thái “{NAMES[status]}” nên không thực hiện được việc này.")
    return following


def may(status: Status, act: Act) -> bool:
    return (status, act) in TRANSITIONS


def acts_of(actor: Actor, status: Status) -> tuple[Act, ...]:
    """What this actor may do with a dossier in this status, in the order of the table."""
    return tuple(act for (now, act) in TRANSITIONS if now is status and ACTORS[act] is actor)
