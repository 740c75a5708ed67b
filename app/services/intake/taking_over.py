"""Beginning anew on a channel that another kind of connector read before (see `accounts.moving`)."""

from sqlalchemy import literal, update

from app.models.identifiers import new_id
from app.models.records.channels import ChannelAccount
from app.models.records.desk import Actor
from app.models.tables import ChannelState, Receipt
from app.services.database import Database
from app.services.database.leases import Held, require

_FORMER = "former:"


def take_over(database: Database, actor: Actor, account: ChannelAccount, held: Held) -> None:
    """Forget how far the channel was read, and keep its receipts under names that no connector gives.

    Two mail servers may give the same name to two mails, and the second would count as taken in. What the former
    connector was not told any more (moved, flagged) the new one is, for it brings those mails again.
    """
    mark = f"{_FORMER}{new_id().hex}:"
    receipts = update(Receipt).where(Receipt.channel_id == account.id, ~Receipt.external_id.startswith(_FORMER))
    standing = update(ChannelState).where(ChannelState.channel_id == account.id)
    with database.write(actor) as work:
        require(work.session, held, work.now)
        renamed = {"external_id": literal(mark).concat(Receipt.external_id), "settled": True}
        work.session.execute(receipts.values(renamed), execution_options={"synchronize_session": False})
        work.session.execute(standing.values(cursor=None, kind=account.kind))
        work.changed("channel", account.id)
