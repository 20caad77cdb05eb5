"""How a clinic sends: a file without passwords, and nothing without TLS."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handouts.problems import Problem
from handouts.sending.settings import (
    AUTHS,
    Auth,
    Purpose,
    Registration,
    Server,
    Settings,
    load_settings,
    prefix_problems,
    server_for,
    settings_for,
)
from handouts.sources.load import Sources
from tests.conftest import ROOT

EXAMPLE = (ROOT / "docs/mail.example.toml").read_text(encoding="utf-8")
SERVER = Server("smtp.clinic.example", 587, "starttls", "handouts")
HUNTER = "hunter2-Zoë"


def load(folder: Path, text: str | bytes) -> tuple[Settings | None, list[Problem]]:
    """Return the settings in a file that holds `text`, and the problems."""
    path = folder / "mail.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_settings(path)


def changed(old: str, new: str) -> str:
    """Return the example with one text replaced, which must be there."""
    assert old in EXAMPLE, old
    return EXAMPLE.replace(old, new, 1)


def line_of(text: str, part: str) -> int:
    """Return the line that a text first stands on."""
    return text[: text.index(part)].count("\n") + 1


@pytest.mark.parametrize("form", ["\n", "\r\n", "\ufeff"])
def test_the_example_is_right(tmp_path: Path, form: str) -> None:
    """Every key of docs/mail.example.toml is read, also as Windows saves it."""
    text = form + EXAMPLE if form == "\ufeff" else EXAMPLE.replace("\n", form)
    assert load(tmp_path, text) == (
        Settings(
            sender="handouts@clinic.example",
            sender_name="Example Clinic",
            reply_to="front-desk@clinic.example",
            smtp=SERVER,
            imap=Server("imap.clinic.example", 993, "tls", "handouts"),
            drafts="",
            per_minute=30,
            pause_after=5,
            retries=(60, 300, 1800),
        ),
        [],
    )


def test_only_the_sender_is_needed(tmp_path: Path) -> None:
    """Without servers drafts can still be made; the pace has the values of the example."""
    text = '[from]\naddress = "handouts@clinic.example"\nname = "Example Clinic"\n'
    assert load(tmp_path, text) == (
        Settings("handouts@clinic.example", "Example Clinic", "", None, None, "", 30, 5, (60, 300, 1800)),
        [],
    )


def test_nothing_may_be_tried_again(tmp_path: Path) -> None:
    """An empty list of waits is right."""
    settings, problems = load(tmp_path, changed("[60, 300, 1800]", "[]"))
    assert not problems
    assert settings
    assert settings.retries == ()


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('"handouts@clinic.example"', '"handouts"', "“address” has no @"),
        (
            '"handouts@clinic.example"',
            '"h@clinic.example\\r\\nBcc: y@z.example"',
            "“address” holds a control",
        ),
        ('"handouts@clinic.example"', '"=?utf-8?q?a?=@clinic.example"', "“address” holds “=?”"),
        ('"handouts@clinic.example"', "5", "“address” must be a text"),
        ('"handouts@clinic.example"', '""', "“address” is empty"),
        ('"front-desk@clinic.example"', '"front desk@clinic.example"', "“reply-to” holds a space"),
        ('"Example Clinic"', '"x\\r\\nBcc: y@z.example"', "“name” holds a control"),
        ('"Example Clinic"', '"=?utf-8?q?a=0D=0ABcc:b?="', "“name” holds “=?”"),
        ('"Example Clinic"', '"a\\u202Eb"', "“name” holds a control"),
        ('"Example Clinic"', '"a\\u2028b"', "“name” holds a control"),
        ('"Example Clinic"', '"a\\u0000b"', "“name” holds a control"),
        ('"Example Clinic"', '"=1+1"', "“name” looks like a formula"),
        ('"Example Clinic"', f'"{"x" * 101}"', "“name” is longer than 100"),
        ('"Example Clinic"', '""', "“name” is empty"),
        ('name = "Example Clinic"', "", "“name” of [from] is missing"),
        ('"smtp.clinic.example"', '"https://smtp.clinic.example"', "“host” must be the name"),
        ('"smtp.clinic.example"', '"smtp.clinic.example:587"', "“host” must be the name"),
        ('"smtp.clinic.example"', '"smtp.clinic.example\\n"', "“host” must be the name"),
        ('host = "smtp.clinic.example"', "", "“host” of [smtp] is missing"),
        ("port = 587", "port = 0", "“port” must be a whole number"),
        ("port = 587", "port = 65536", "“port” must be a whole number"),
        ("port = 587", "port = true", "“port” must be a whole number"),
        ("port = 587", "port = 587.0", "“port” must be a whole number"),
        ("port = 587", 'port = "587"', "“port” must be a whole number"),
        ("port = 587", "", "“port” of [smtp] is missing"),
        ('security = "starttls"', 'security = "none"', "“security” of [smtp] must be"),
        ('security = "starttls"', "security = false", "“security” of [smtp] must be"),
        ('security = "starttls"', "", "“security” of [smtp] must be"),
        ('security = "tls"', 'security = "STARTTLS"', "“security” of [imap] must be"),
        ('user = "handouts"', 'user = "a\\r\\nb"', "“user” holds"),
        ('user = "handouts"', 'user = "имя"', "“user” holds"),
        ('# drafts = "Drafts"', 'drafts = "a\\" b"', "“drafts” holds"),
        ('# drafts = "Drafts"', 'drafts = "a\\r\\nb"', "“drafts” holds"),
        ('# drafts = "Drafts"', "drafts = []", "“drafts” must be a text"),
        ('# sent = "Sent"', 'sent = " Sent"', "“sent” holds"),
        ('"smtp.clinic.example"', '"smtp.mü ller.example"', "“host” must be the name"),
        ('"smtp.clinic.example"', '"smtp.grüße.example"', "“host” must be the name"),
        ('auth = "password"', 'auth = "oauth"', "“auth” must be one of: password, microsoft, google, none"),
        ('auth = "password"', "auth = 1", "“auth” must be one of"),
        ('auth = "password"', 'auth = ["none"]', "“auth” must be one of"),
        ('# transport = "smtp"', 'transport = "grpc"', "“transport” must be one of: smtp, graph"),
        ('auth = "password"', 'auth = "google"', "the table [google] is missing"),
        ('# transport = "smtp"', 'transport = "graph"', "the table [microsoft] is missing"),
        ('# subject-prefix = "[secure]"', 'subject-prefix = "=?utf-8?q?x"', "“subject-prefix” holds “=?”"),
        (
            '# subject-prefix = "[secure]"',
            'subject-prefix = "a\\r\\nBcc: b"',
            "“subject-prefix” holds a control",
        ),
        (
            '# subject-prefix = "[secure]"',
            f'subject-prefix = "{"x" * 31}"',
            "“subject-prefix” is longer than 30",
        ),
        ("per-minute = 30", "per-minute = 0", "“per-minute” must be a whole number"),
        ("per-minute = 30", "per-minute = -1", "“per-minute” must be a whole number"),
        ("pause-after = 5 ", "pause-after = 1e9", "“pause-after” must be a whole number"),
        ("[60, 300, 1800]", "60", "“retry-after” must be a list"),
        ("[60, 300, 1800]", '["60"]', "“retry-after” must be a list"),
        ("[60, 300, 1800]", "[86401]", "“retry-after” must be a list"),
        ("[60, 300, 1800]", str([60] * 11), "“retry-after” must be a list"),
        ("reply-to =", "replyto =", "the key “replyto” is not known"),
        ("per-minute =", "perminute =", "the key “perminute” is not known"),
        ("[sending]", "[sendings]", "the key “sendings” is not known"),
        ("[imap]", "[[imap]]", "“imap” must be a table"),
    ],
)
def test_a_value_that_is_not_right_is_told_and_not_repeated(
    tmp_path: Path, old: str, new: str, what: str
) -> None:
    """Kinds, reach, addresses, names, hosts, ways of TLS, unknown keys: key and line, never the value."""
    text = changed(old, new)
    settings, problems = load(tmp_path, text)
    assert settings is None
    assert len(problems) == 1
    assert what in problems[0].what
    assert problems[0].file == f"{tmp_path}/mail.toml"
    assert "Bcc" not in str(problems[0])
    if new:
        assert problems[0].line == line_of(text, new)


def test_a_key_that_could_do_harm_is_not_repeated(tmp_path: Path) -> None:
    """A key in quotes may hold anything, such as what colours a terminal."""
    _, problems = load(tmp_path, changed("reply-to =", '"\\u001b[31m" ='))
    assert [problem.what for problem in problems] == ["a key is not known here."]


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    """One run, every problem, each with its line."""
    text = '[from]\nadress = "x@y.example"\n\n[smtp]\nport = 0\n\n[sending]\nper-minute = "many"\n'
    _, problems = load(tmp_path, text)
    assert [(p.line, p.what) for p in problems] == [
        (2, "the key “adress” is not known here."),
        (1, "the key “address” of [from] is missing."),
        (1, "the key “name” of [from] is missing."),
        (4, "the key “host” of [smtp] is missing."),
        (4, "the key “user” of [smtp] is missing."),
        (5, "“port” must be a whole number from 1 to 65535."),
        (4, "“security” of [smtp] must be starttls or tls."),
        (8, "“per-minute” must be a whole number from 1 to 600."),
    ]
    assert problems[0].fix == "Did you mean “address”?"
    assert "TLS is verified or nothing is sent" in problems[6].fix


def test_an_empty_table_of_a_server_is_not_left_out(tmp_path: Path) -> None:
    """[smtp] with nothing in it lacks its keys; only without the head there is no server."""
    _, problems = load(tmp_path, '[from]\naddress = "a@b.example"\nname = "x"\n[smtp]\n')
    assert len(problems) == 4


@pytest.mark.parametrize(
    "key", ["password", "pass", "smtp_passwd", "Secret", "api-key", "access_token", '"pass word"']
)
@pytest.mark.parametrize(
    "table", ["[from]", "[smtp]", "[sending]", "[other]", "[smtp.deep]", "[[other.list]]"]
)
def test_a_password_in_the_file_is_refused(tmp_path: Path, key: str, table: str) -> None:
    """Whatever it is called and however deep it lies; told with its line and the way to the environment."""
    text = EXAMPLE.replace(f"{table}\n", "") if table == "[other]" else EXAMPLE
    line = f'{key} = "{HUNTER}"'
    text = text.replace(f"{table}\n", f"{table}\n{line}\n") if table in text else f"{text}{table}\n{line}\n"
    settings, problems = load(tmp_path, text)
    assert settings is None
    found = [p for p in problems if "looks like a password" in p.what]
    assert len(found) == 1
    assert "HANDOUTS_SMTP_PASSWORD" in found[0].fix
    assert found[0].where == f"{tmp_path}/mail.toml:{line_of(text, line)}"
    assert HUNTER not in "".join(map(str, problems))


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("a = \n", ":1", "not valid TOML"),
        ('[from]\nname = "x\n', ":2", "not valid TOML"),
        ("a = " + "[" * 100_000, "", "not valid TOML"),
        ("a = " + "9" * 5_000, "", "not valid TOML"),
        (".".join("a" * 3_000) + " = 1", ":1", "not known"),
        (b'[from]\nname = "Jos\xe9"\n', ":2", "not UTF-8"),
        ("[from]\n".encode("utf-16"), ":1", "not UTF-8"),
        (b"", ":1", "missing"),
    ],
)
def test_a_file_that_is_no_toml_says_so(tmp_path: Path, text: str | bytes, line: str, what: str) -> None:
    """Broken, far too deep, far too large, of another encoding, empty."""
    settings, problems = load(tmp_path, text)
    assert settings is None
    assert problems[0].where.startswith(f"{tmp_path}/mail.toml{line}")
    assert what in problems[0].what


def test_settings_that_are_no_file_are_a_problem(tmp_path: Path) -> None:
    """A folder, or nothing at all."""
    for path, what in ((tmp_path, "folder"), (tmp_path / "none.toml", "no such file")):
        settings, (problem,) = load_settings(path)
        assert settings is None
        assert what in problem.what


@pytest.mark.parametrize("purpose", ["smtp", "imap"])
def test_the_server_that_is_needed_must_be_in_the_file(tmp_path: Path, purpose: Purpose) -> None:
    """Without the file, or without its table, the problem says what to add; where it is there it is returned."""
    path = tmp_path / "mail.toml"
    path.write_text('[from]\naddress = "a@b.example"\nname = "x"\n', encoding="utf-8")
    settings, (problem,) = settings_for(path, purpose)
    assert (problem.code, problem.file) == ("missing-key", str(path))
    assert f"[{purpose}]" in problem.fix
    assert settings
    with pytest.raises(ValueError, match=purpose):
        server_for(settings, purpose)
    assert [each.code for each in settings_for(None, purpose)[1]] == ["settings-missing"]
    path.write_text(EXAMPLE, encoding="utf-8")
    settings, problems = settings_for(path, purpose)
    assert not problems
    assert settings
    assert server_for(settings, purpose).host == f"{purpose}.clinic.example"


def test_drafts_in_files_need_no_settings() -> None:
    """No server is asked for, so there may be no file."""
    assert settings_for(None, None) == (None, [])


PIECES = st.sampled_from(
    ["[from]\n", "[smtp]\n", "[[smtp]]\n", "port", "host", "address", "password", " = ", '"a@b.example"', "587", "[", "]", "{", "}",
     ".", "\n", '"', "=?", "1979-05-27T07:32:00+99:99", "inf", "\\u0000", ",", "\0"]
)  # fmt: skip


@given(
    data=st.one_of(st.binary(max_size=200), st.lists(PIECES, max_size=30).map(lambda p: "".join(p).encode()))
)
def test_whatever_the_file_holds_it_is_read_or_told(data: bytes) -> None:
    """No bytes end in a traceback: there are settings, or there is a problem."""
    with tempfile.TemporaryDirectory() as folder:
        settings, problems = load(Path(folder), data)
    assert (settings is None) == bool(problems)


REGISTERED = """
[microsoft]
client-id = "11111111-2222-3333-4444-555555555555"
tenant = "clinic.example"
[google]
client-id = "1-a.apps.googleusercontent.com"
"""


def test_what_was_registered_with_a_provider_is_read(tmp_path: Path) -> None:
    """A client id for each, the directory of the clinic at Microsoft, and which server is signed in to how."""
    text = changed('auth = "password"', 'auth = "microsoft"') + REGISTERED
    settings, problems = load(tmp_path, text)
    assert not problems
    assert settings
    assert settings.smtp
    assert settings.smtp.auth == "microsoft"
    assert settings.microsoft == Registration("11111111-2222-3333-4444-555555555555", "clinic.example")
    assert settings.google == Registration("1-a.apps.googleusercontent.com")


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('client-id = "1111', 'client-id = "1111 ', "“client-id” must be the id alone"),
        ('tenant = "clinic.example"', "", "“tenant” of [microsoft] is missing"),
        ('tenant = "clinic.example"', 'tenant = "https://x"', "“tenant” must be the id alone"),
        ('tenant = "clinic.example"', 'tenant = "c.example"\nuser = "x"', "“user” has no @"),
        ('tenant = "clinic.example"', 'tenant = "c.example"\nclient-secret = "x"', "looks like a password"),
    ],
)
def test_what_was_registered_wrongly_is_told(tmp_path: Path, old: str, new: str, what: str) -> None:
    """An id that is none, a directory that is missing, a secret that must not be in a file."""
    assert old in REGISTERED
    settings, problems = load(tmp_path, EXAMPLE + REGISTERED.replace(old, new))
    assert settings is None
    assert what in " ".join(problem.what for problem in problems)


@pytest.mark.parametrize(
    ("old", "new"),
    [('"smtp.clinic.example"', '"smtp.office365.com"'), ('"smtp.clinic.example"', '"smtp.gmail.com"'), ('auth = "password"', 'auth = "google"'),
     ('# transport = "smtp"', 'transport = "graph"')],
)  # fmt: skip
def test_copies_are_not_filed_twice(tmp_path: Path, old: str, new: str) -> None:
    """Gmail and Microsoft put what is sent into the sent folder by themselves."""
    text = changed(old, new).replace('# sent = "Sent"', 'sent = "Sent"') + REGISTERED
    _, problems = load(tmp_path, text)
    assert [problem.code for problem in problems] == ["copies-filed-twice"]
    settings, problems = load(tmp_path, changed('# sent = "Sent"', 'sent = "Sent"'))
    assert not problems
    assert settings
    assert settings.sent == "Sent"


def test_a_host_may_have_letters_of_its_own_language(tmp_path: Path) -> None:
    """The net knows them in Punycode."""
    settings, problems = load(tmp_path, changed('"smtp.clinic.example"', '"smtp.Müller.example"'))
    assert not problems
    assert settings
    assert settings.smtp
    assert settings.smtp.host == "smtp.xn--mller-kva.example"


def test_a_relay_that_knows_the_machine_needs_no_user(tmp_path: Path) -> None:
    """With auth = "none"; else it must be named."""
    text = changed('user = "handouts"', "").replace('auth = "password"', 'auth = "none"', 1)
    settings, problems = load(tmp_path, text)
    assert not problems
    assert settings
    assert settings.smtp == Server("smtp.clinic.example", 587, "starttls", "", "none")


@pytest.mark.parametrize("auth", AUTHS)
def test_a_token_is_what_a_provider_gives(auth: Auth) -> None:
    """All else is a password, or nothing."""
    assert Server("h", 1, "tls", "u", auth).by_token == (auth in {"microsoft", "google"})


def test_graph_needs_no_mail_server(tmp_path: Path) -> None:
    """Sending and drafts go by it; who signs in is the sender, or the user of [microsoft]."""
    path = tmp_path / "mail.toml"
    text = '[from]\naddress = "a@b.example"\nname = "x"\n[sending]\ntransport = "graph"\n' + REGISTERED
    path.write_text(text, encoding="utf-8")
    for purpose in ("smtp", "imap"):
        settings, problems = settings_for(path, purpose)
        assert not problems
        assert settings
        assert settings.way == "graph"


@pytest.mark.parametrize(
    ("prefix", "tells"),
    [("[secure]", False), ("", False), ("[verschlüsselt]", False), ("Depression:", True), ("[IPT therapy]", True), ("[心理]", True), ("Mental health", True)],
)  # fmt: skip
def test_a_prefix_that_tells_of_an_illness_is_refused(sources: Sources, prefix: str, *, tells: bool) -> None:
    """In whatever language: it is read by everyone who sees a list of mail."""
    given = Settings("a@b.example", "x", "", None, None, "", 1, 1, (), subject_prefix=prefix)
    found = prefix_problems(given, Path("mail.toml"), sources.glossary)
    assert [problem.code for problem in found] == (["prefix-tells"] if tells else [])
