"""What the dialog for handing on shows, in words. Pure: it needs no widget."""

from dataclasses import dataclass
from datetime import datetime

from app.models.records.handoffs import Packet, Place, Proposal, Proposed
from app.models.records.tickets import Priority
from app.services.escalation.drafts import PacketDraft
from app.services.wording import tr
from app.views.escalating.way_words import call_words, duty_words, level_tag, why_words


@dataclass(frozen=True, slots=True)
class NodeLine:
    """A step to choose: its name, and who is there; `key` is its name in the tree."""

    key: str
    title: str
    detail: str


@dataclass(frozen=True, slots=True)
class Offer:
    """What is known when the dialog opens: the steps, a packet filled in, and what was entered before."""

    proposal: Proposal
    prefilled: Packet
    draft: PacketDraft | None = None

    @property
    def begin(self) -> PacketDraft:
        """What stands in the dialog at first. A draft's step may be gone from the tree meanwhile."""
        first = self.proposal.nodes[0].step.key
        if self.draft is None:
            return PacketDraft(first, self.prefilled)
        known = {each.step.key for each in self.proposal.nodes}
        return self.draft if self.draft.node in known else PacketDraft(first, self.draft.packet)

    @property
    def may_bypass(self) -> bool:
        """Whether what is to be done before may be passed over: only what burns may."""
        return self.proposal.priority is Priority.P1

    def node(self, key: str) -> Proposed:
        return next(each for each in self.proposal.nodes if each.step.key == key)


def node_lines(proposal: Proposal) -> list[NodeLine]:
    return [_line(each, proposal.at) for each in proposal.nodes]


def why(proposal: Proposal, key: str) -> str:
    """Why this step: the tree's reasons for the one it proposes, or that it is another one."""
    step = proposal.step
    if step is not None and step.node == key:
        return why_words(step.why, proposal.at)
    if step is not None and key in step.others:
        return tr("escalate.another_way")
    return tr("escalate.out_of_turn")


def asked(proposed: Proposed, now: datetime) -> list[tuple[str, str, str]]:
    """When, whom, and what then: in the order in which they are asked if nobody answers."""
    return [call_words(each, now) for each in proposed.contacts]


def _line(proposed: Proposed, now: datetime) -> NodeLine:
    step = proposed.step
    title = tr("escalate.node", level=level_tag(step.level), name=step.name)
    if step.place is Place.NEXT:
        title = tr("escalate.proposed", name=title)
    return NodeLine(step.key, title, duty_words(step, now))
