"""Which values a script takes, and how they are written down."""

import pytest
from hypothesis import given, strategies as st

from app.models.errors import KnownError
from app.models.records.runs import UploadedFile
from app.models.records.scripts import Known, Manifest, Parameter
from app.models.rules.script_values import accepted, checked, filled_in, is_host, masked


def parameter(kind: str, **told: object) -> Parameter:
    return Parameter.model_validate({"name": "it", "type": kind, "label": {"en": "It"}, **told})


def manifest(*parameters: dict[str, object]) -> Manifest:
    words = {"name": "Script", "description": "What it does.", "changes": "Nothing.", "undo": "Nothing to undo."}
    return Manifest.model_validate(
        {
            "id": "script",
            "version": "1.0",
            "category": "linux",
            "risk": "read",
            "timeout": 10,
            "program": {"transport": "winrm"},
            "text": {"en": words},
            "parameters": [{"label": {"en": "It"}, **each} for each in parameters],
        }
    )


@pytest.mark.parametrize(
    ("kind", "told", "value", "meant"),
    [
        ("text", {}, "a $(b) `c` ; 'd' \"e\" “f”\nand\ttabs", "a $(b) `c` ; 'd' \"e\" “f”\nand\ttabs"),
        ("int", {"least": 1, "most": 9}, "9", 9),
        ("flag", {}, "yes", True),
        ("flag", {}, "", False),
        ("choice", {"choices": ["one", "two"]}, "two", "two"),
        ("host", {}, "ws-0417.corp.example", "ws-0417.corp.example"),
        ("host", {}, "2001:db8::1", "2001:db8::1"),
        ("user", {}, "j.d'arc@corp.example", "j.d'arc@corp.example"),
        ("text", {"required": False}, "", None),
    ],
)
def test_a_value_that_fits_is_taken(kind: str, told: dict[str, object], value: object, meant: object) -> None:
    assert accepted(parameter(kind, **told), value) == meant


@pytest.mark.parametrize(
    ("kind", "told", "value", "code"),
    [
        ("text", {}, "", "script.value_missing"),
        ("text", {}, None, "script.value_missing"),
        ("text", {"max_length": 3}, "long", "script.value_too_long"),
        ("text", {}, "a\x00b", "script.value_control"),
        ("text", {}, "a\x1b[2Jb", "script.value_control"),
        ("text", {"pattern": "[a-z]+"}, "abc; rm", "script.value_form"),
        ("text", {"pattern": "[a-z]+"}, "abc\n", "script.value_form"),
        ("int", {}, "3.5", "script.value_no_int"),
        ("int", {"least": 1}, "0", "script.value_too_small"),
        ("int", {"most": 9}, "10", "script.value_too_great"),
        ("flag", {}, "perhaps", "script.value_no_flag"),
        ("choice", {"choices": ["one"]}, "two", "script.value_no_choice"),
        ("host", {}, "-oProxyCommand=sh", "script.value_no_host"),
        ("host", {}, "a b", "script.value_no_host"),
        ("host", {}, "10.0.0.999", "script.value_no_host"),
        ("host", {}, "a..b", "script.value_no_host"),
        ("host", {}, "fe80::1%; reboot", "script.value_no_host"),
        ("host", {}, "fe80::1%\n", "script.value_no_host"),
        ("text", {}, "not \udcff UTF-8", "script.value_control"),
        ("text", {}, "turned \u202e round", "script.value_control"),
        ("user", {}, "*)(cn=*", "script.value_no_account"),
        ("user", {}, "CORP\\ann", "script.value_no_account"),
        ("file", {}, "C:/file", "script.value_no_file"),
        ("file", {"max_bytes": 2}, UploadedFile("a.txt", b"123"), "script.value_file_too_big"),
    ],
)
def test_one_that_does_not_fit_is_refused_by_name(kind: str, told: dict[str, object], value: object, code: str) -> None:
    with pytest.raises(KnownError) as refused:
        accepted(parameter(kind, **told), value)
    assert (refused.value.code, refused.value.facts["name"]) == (code, "it")


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_what_is_taken_as_a_host_can_be_no_option_and_no_second_word(text: str) -> None:
    if is_host(text):
        assert text.isascii()
        assert not text.startswith("-")
        assert not set(text) & set(" \t\n;&|$`'\"<>()\\/@")


def test_every_parameter_gets_a_value_and_a_strange_one_is_refused() -> None:
    script = manifest({"name": "days", "type": "int", "default": 7}, {"name": "log", "type": "text", "required": False})
    assert checked(script, {}) == {"days": 7, "log": None}
    with pytest.raises(KnownError) as refused:
        checked(script, {"dayz": 3})
    assert refused.value.code == "script.no_parameter"


def test_the_form_begins_with_what_the_ticket_tells_where_it_fits() -> None:
    script = manifest(
        {"name": "account", "type": "user", "from": "requester.account"},
        {"name": "host", "type": "host", "from": "requester.host", "default": "ws-1"},
    )
    known = {Known.REQUESTER_ACCOUNT: "ann", Known.REQUESTER_HOST: "the one upstairs"}
    assert filled_in(script, known) == {"account": "ann", "host": "ws-1"}


def test_secrets_and_files_are_not_written_down() -> None:
    script = manifest(
        {"name": "code", "type": "secret"}, {"name": "list", "type": "file"}, {"name": "n", "type": "int"}
    )
    values = {"code": "hunter2", "list": UploadedFile("a.csv", b"1234"), "n": 3}
    assert masked(script, values) == {"code": "•••", "list": "a.csv (4 B, SHA-256 03ac674216f3e15c)", "n": 3}
