"""Who asks, and on which folder: what all operations need first."""

from dataclasses import dataclass

from tests.peers.ews.faults import Faults
from tests.peers.ews.store import Folder, Mailbox, Store
from tests.peers.ews.xml import NAMES, Element, Refusal, operation, text


@dataclass
class Caller:
    """The account that signed in, and whom it acts as."""

    user: str
    acting_as: str
    store: Store
    faults: Faults

    def folder(self, holder: Element) -> tuple[Mailbox, Folder]:
        """The folder that a `FolderId` or a `DistinguishedFolderId` names."""
        if operation(holder) == "DistinguishedFolderId":
            address = text(holder, "t:Mailbox/t:EmailAddress") or self.acting_as
            mailbox = self.allowed(self.store.mailbox(address))
            if holder.get("Id") == "root":
                if mailbox.hidden_root:
                    raise Refusal("ErrorAccessDenied", "Access is denied.")
                return mailbox, mailbox.well_known("msgfolderroot")
            return mailbox, mailbox.well_known(holder.get("Id", ""))
        for mailbox in self.store.mailboxes.values():
            found = mailbox.folders.get(holder.get("Id", ""))
            if found is not None:
                return self.allowed(mailbox), found
        raise Refusal("ErrorFolderNotFound", "The specified folder could not be found in the store.")

    def folders(self, request: Element, path: str) -> list[Element]:
        return [each for holder in request.iterfind(path, NAMES) for each in holder]

    def allowed(self, mailbox: Mailbox) -> Mailbox:
        rights = {each.casefold() for each in mailbox.rights}
        if self.user.casefold() not in rights and self.acting_as.casefold() != mailbox.address.casefold():
            raise Refusal("ErrorAccessDenied", "Access is denied. Check credentials and try again.")
        return mailbox
