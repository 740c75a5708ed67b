"""GetFolder, FindFolder and CreateFolder."""

from tests.peers.ews.desk import Caller
from tests.peers.ews.shapes import folder_xml
from tests.peers.ews.xml import Element, Refusal, refusal, responses, success, tag, text


def get_folder(caller: Caller, request: Element) -> str:
    answers = []
    for holder in caller.folders(request, "m:FolderIds"):
        try:
            mailbox, folder = caller.folder(holder)
            answers.append(success("GetFolder", tag("m:Folders", folder_xml(mailbox, folder))))
        except Refusal as error:
            answers.append(refusal("GetFolder", error))
    return responses("GetFolder", answers)


def find_folder(caller: Caller, request: Element) -> str:
    answers = []
    for holder in caller.folders(request, "m:ParentFolderIds"):
        try:
            mailbox, parent = caller.folder(holder)
        except Refusal as error:
            answers.append(refusal("FindFolder", error))
            continue
        children = [each for each in mailbox.folders.values() if each.parent == parent.id]
        inner = tag("t:Folders", "".join(folder_xml(mailbox, each) for each in children))
        paging = {
            "IndexedPagingOffset": str(len(children)),
            "TotalItemsInView": str(len(children)),
            "IncludesLastItemInRange": "true",
        }
        answers.append(success("FindFolder", tag("m:RootFolder", inner, paging)))
    return responses("FindFolder", answers)


def create_folder(caller: Caller, request: Element) -> str:
    answers = []
    mailbox, parent = caller.folder(caller.folders(request, "m:ParentFolderId")[0])
    for wanted in caller.folders(request, "m:Folders"):
        name = text(wanted, "t:DisplayName")
        siblings = {each.name.casefold() for each in mailbox.folders.values() if each.parent == parent.id}
        if name.casefold() in siblings:
            answers.append(refusal("CreateFolder", Refusal("ErrorFolderExists", "A folder with that name exists.")))
            continue
        folder = mailbox.make_folder(name, parent.id)
        caller.store.save()
        answers.append(success("CreateFolder", tag("m:Folders", folder_xml(mailbox, folder))))
    return responses("CreateFolder", answers)
