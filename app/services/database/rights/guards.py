"""What a change to a ticket, a message or a waiting mail must not do, whoever tries: asked by triggers."""

from app.services.database.rights.functions import DEFINER


def guards() -> tuple[str, ...]:
    """Statements that make the guards, and put them where they belong."""
    on = "FOR EACH ROW EXECUTE FUNCTION"
    return (
        _GUARD_TICKET,
        _GUARD_MESSAGE,
        _GUARD_OUTBOX,
        _GUARD_RUN,
        f"CREATE OR REPLACE TRIGGER desk_guard BEFORE INSERT OR UPDATE ON ticket {on} desk_guard_ticket()",
        f"CREATE OR REPLACE TRIGGER desk_guard BEFORE UPDATE ON message {on} desk_guard_message()",
        f"CREATE OR REPLACE TRIGGER desk_guard BEFORE UPDATE ON outbox {on} desk_guard_outbox()",
        f"CREATE OR REPLACE TRIGGER desk_guard BEFORE UPDATE ON script_run_target {on} desk_guard_run()",
    )


_GUARD_TICKET = f"""
CREATE OR REPLACE FUNCTION desk_guard_ticket() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
DECLARE
  me uuid := desk_me();
  moved boolean;
  handed boolean;
  may_change boolean;
  said boolean;
BEGIN
  IF desk_role() IN ('owner', 'worker') THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'INSERT' THEN
    NEW.handed_by_id := me;
    RETURN NEW;
  END IF;
  moved := NEW.team_id IS DISTINCT FROM OLD.team_id;
  handed := NEW.assignee_id IS DISTINCT FROM OLD.assignee_id;
  NEW.handed_by_id := CASE WHEN moved OR handed THEN me ELSE OLD.handed_by_id END;
  may_change := desk_may('change', OLD.assignee_id, OLD.team_id, OLD.handed_by_id);
  IF (handed OR NEW.owner_id IS DISTINCT FROM OLD.owner_id)
      AND NOT desk_may('assign', OLD.assignee_id, OLD.team_id, OLD.handed_by_id)
      AND NOT (may_change AND moved AND NEW.assignee_id IS NULL AND NEW.owner_id IS NOT DISTINCT FROM OLD.owner_id) THEN
    RAISE EXCEPTION 'ticket % is not yours to give away', OLD.number USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF may_change THEN
    RETURN NEW;
  END IF;
  IF (NEW.subject, NEW.priority, NEW.level) IS DISTINCT FROM (OLD.subject, OLD.priority, OLD.level) OR moved
      OR NEW.application_id IS DISTINCT FROM OLD.application_id
      OR (NEW.impact, NEW.urgency, NEW.category, NEW.component, NEW.skill, NEW.language, NEW.major, NEW.scheduled_for)
        IS DISTINCT FROM (OLD.impact, OLD.urgency, OLD.category, OLD.component, OLD.skill, OLD.language, OLD.major,
          OLD.scheduled_for)
      OR NEW.requester_id IS DISTINCT FROM OLD.requester_id THEN
    RAISE EXCEPTION 'ticket % is not yours to change', OLD.number USING ERRCODE = 'insufficient_privilege';
  END IF;
  -- The first deadline of its clocks follows from what this transaction did to the ticket.
  IF EXISTS (SELECT FROM ticket WHERE id = OLD.id AND xmin = pg_current_xact_id()::xid)
      AND (NEW.status, NEW.closed_at, NEW.unanswered_since, NEW.unread, NEW.merged_into_id)
        IS NOT DISTINCT FROM (OLD.status, OLD.closed_at, OLD.unanswered_since, OLD.unread, OLD.merged_into_id) THEN
    RETURN NEW;
  END IF;
  -- What is left follows from the conversation: an answer given or taken back, messages put here, a merge.
  IF NEW.merged_into_id IS DISTINCT FROM OLD.merged_into_id THEN
    RETURN NEW;
  END IF;
  said := EXISTS (
    SELECT FROM message LEFT JOIN outbox ON outbox.message_id = message.id
    WHERE message.ticket_id = OLD.id AND message.agent_id = me
      AND (message.xmin = pg_current_xact_id()::xid OR outbox.state = 'queued'));
  IF (NEW.status, NEW.closed_at) IS DISTINCT FROM (OLD.status, OLD.closed_at) AND NOT said THEN
    RAISE EXCEPTION 'ticket % is not yours to change', OLD.number USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF (NEW.unanswered_since, NEW.due_at) IS DISTINCT FROM (OLD.unanswered_since, OLD.due_at)
      OR NEW.unread > OLD.unread THEN
    IF NOT said AND NOT EXISTS (
        SELECT FROM message WHERE message.ticket_id = OLD.id AND message.xmin = pg_current_xact_id()::xid) THEN
      RAISE EXCEPTION 'ticket % is not yours to change', OLD.number USING ERRCODE = 'insufficient_privilege';
    END IF;
  END IF;
  RETURN NEW;
END
$$
"""

_GUARD_MESSAGE = f"""
CREATE OR REPLACE FUNCTION desk_guard_message() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
  IF desk_role() IN ('owner', 'worker') THEN
    RETURN NEW;
  END IF;
  IF NEW.ticket_id = OLD.ticket_id THEN
    RAISE EXCEPTION 'a message is moved to another ticket, or left alone' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END
$$
"""

_GUARD_RUN = f"""
CREATE OR REPLACE FUNCTION desk_guard_run() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
  IF desk_role() = 'owner' OR OLD.ended_at IS NULL OR (OLD.message_id IS NULL
      AND to_jsonb(NEW) - 'message_id' IS NOT DISTINCT FROM to_jsonb(OLD) - 'message_id') THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'what became of a run is told once' USING ERRCODE = 'insufficient_privilege';
END
$$
"""
"""A run that is over gets its note, and changes no more: it is evidence."""

_GUARD_OUTBOX = f"""
CREATE OR REPLACE FUNCTION desk_guard_outbox() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
  IF desk_role() IN ('owner', 'worker', 'administrator') OR NEW.state = OLD.state
      OR (OLD.state = 'dead' AND NEW.state = 'queued') THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'what becomes of a mail is told by who sends it' USING ERRCODE = 'insufficient_privilege';
END
$$
"""
