"""People's logins of the server: made, given their group, and turned away by the database itself.

An administrator of the desk needs no right on the server to do it: the functions run as who made the database.
Passwords come as the verifier that libpq makes of them, so that none is ever seen by the server.
"""

from app.services.database.rights.functions import DEFINER


def logins() -> tuple[str, ...]:
    """Statements that make the functions; nobody may call them who is not let by `grants`."""
    closed = ("desk_admit(text, text)", "desk_dismiss(text)", "desk_employ(text, text)", "desk_workers()")
    return (
        _GROUPS,
        _IS_OURS,
        _ADMIT,
        _DISMISS,
        _EMPLOY,
        _WORKERS,
        _ADMISSION,
        "CREATE OR REPLACE TRIGGER desk_admission AFTER INSERT OR UPDATE OF login, role, active ON agent "
        "FOR EACH ROW EXECUTE FUNCTION desk_admission()",
        *(f"REVOKE ALL ON FUNCTION {each} FROM PUBLIC" for each in closed),
    )


_ONLY_ADMINISTRATORS = """
  IF desk_role() IS NULL OR desk_role() NOT IN ('owner', 'administrator') THEN
    RAISE EXCEPTION 'only administrators admit people' USING ERRCODE = 'insufficient_privilege';
  END IF;
"""

_GROUPS = """
CREATE OR REPLACE FUNCTION desk_groups() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE
RETURN ARRAY[desk_group('agent'), desk_group('supervisor'), desk_group('administrator'), desk_group('worker')]
"""

_IS_OURS = f"""
CREATE OR REPLACE FUNCTION desk_is_ours(login text) RETURNS boolean LANGUAGE sql STABLE {DEFINER} AS $$
SELECT NOT (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls)
  AND NOT pg_has_role(oid, (SELECT relowner FROM pg_class WHERE oid = 'ticket'::regclass), 'MEMBER')
  AND NOT EXISTS (
    SELECT FROM pg_auth_members membership JOIN pg_roles team ON team.oid = membership.roleid
    WHERE membership.member = pg_roles.oid AND team.rolname <> ALL (desk_groups()))
FROM pg_roles WHERE rolname = login
$$
"""
"""Whether a login of the server is a mere person of this desk, whose password may be set here. Null: there is none."""

_ADMIT = f"""
CREATE OR REPLACE FUNCTION desk_admit(login text, verifier text) RETURNS void LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
{_ONLY_ADMINISTRATORS}
  IF desk_is_ours(login) IS NULL THEN
    EXECUTE format('CREATE ROLE %I LOGIN', login);
  END IF;
  IF verifier IS NOT NULL THEN
    IF NOT desk_is_ours(login) THEN
      RAISE EXCEPTION '"%" is somebody else''s login', login USING ERRCODE = 'reserved_name';
    END IF;
    EXECUTE format('ALTER ROLE %I PASSWORD %L', login, verifier);
  END IF;
END
$$
"""

_DISMISS = f"""
CREATE OR REPLACE FUNCTION desk_dismiss(login text) RETURNS void LANGUAGE plpgsql {DEFINER} AS $$
DECLARE
  each text;
BEGIN
{_ONLY_ADMINISTRATORS}
  FOR each IN
    SELECT team.rolname FROM pg_auth_members membership
    JOIN pg_roles one ON one.oid = membership.member JOIN pg_roles team ON team.oid = membership.roleid
    WHERE one.rolname = login
      AND team.rolname = ANY (desk_groups())
  LOOP
    EXECUTE format('REVOKE %I FROM %I', each, login);
  END LOOP;
END
$$
"""
"""Out of all groups: from this moment on nothing of the desk can be read, in a connection that is open as well."""

_EMPLOY = f"""
CREATE OR REPLACE FUNCTION desk_employ(login text, verifier text) RETURNS void LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
{_ONLY_ADMINISTRATORS}
  PERFORM desk_admit(login, verifier);
  EXECUTE format('GRANT %I TO %I', desk_group('worker'), login);
END
$$
"""

_WORKERS = f"""
CREATE OR REPLACE FUNCTION desk_workers() RETURNS SETOF text LANGUAGE sql STABLE {DEFINER} AS $$
SELECT one.rolname FROM pg_auth_members membership
JOIN pg_roles one ON one.oid = membership.member JOIN pg_roles team ON team.oid = membership.roleid
WHERE team.rolname = desk_group('worker') AND one.rolcanlogin ORDER BY 1
$$
"""

_ADMISSION = f"""
CREATE OR REPLACE FUNCTION desk_admission() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
DECLARE
  each text;
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.login IS DISTINCT FROM NEW.login THEN
    PERFORM desk_dismiss(OLD.login);
  END IF;
  IF NEW.login IS NULL OR NOT EXISTS (SELECT FROM pg_roles WHERE rolname = NEW.login) THEN
    RETURN NULL;
  END IF;
  IF NOT NEW.active THEN
    PERFORM desk_dismiss(NEW.login);
    RETURN NULL;
  END IF;
  FOREACH each IN ARRAY ARRAY['agent', 'supervisor', 'administrator'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = desk_group(each)) THEN
      CONTINUE;
    ELSIF each = NEW.role THEN
      EXECUTE format('GRANT %I TO %I', desk_group(each), NEW.login);
    ELSIF pg_has_role(NEW.login, desk_group(each), 'MEMBER') THEN
      EXECUTE format('REVOKE %I FROM %I', desk_group(each), NEW.login);
    END IF;
  END LOOP;
  RETURN NULL;
END
$$
"""
"""A person's row and their login's group are one: whoever changes the one has changed the other."""
