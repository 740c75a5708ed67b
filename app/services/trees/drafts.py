"""A tree that is being edited, kept on this machine until it is saved or given up."""

from uuid import UUID

from app.models.records.trees import Tree
from app.services.journal import Drop, Journal, Put
from app.services.trees.form import by_identity, entry_of, of_identity, to_content, to_tree

KIND = "tree"


def keep(journal: Journal, application_id: UUID, tree: Tree) -> None:
    """Errors as in the journal, and `tree.broken` for what no database would take either."""
    told = {"id": str(tree.id), "version": tree.version, "tree": to_content(tree, by_identity)}
    journal.write(Put(KIND, application_id, told))


def load(journal: Journal, application_id: UUID) -> Tree | None:
    """None where there is none. It has the version that it was made of. Errors as in the journal."""
    kept = journal.get(KIND, application_id)
    if kept is None:
        return None
    entry = entry_of(kept.told["tree"])
    return to_tree(entry, of_identity, UUID(kept.told["id"]), application_id, int(kept.told["version"]))


def forget(journal: Journal, application_id: UUID) -> None:
    """It was saved, or given up. Errors as in the journal."""
    journal.write(Drop(KIND, application_id))
