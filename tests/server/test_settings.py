"""Settings from the environment."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from server.settings import BOUNDS, RULES, SWITCHES, Settings, SettingsError

SECRET = "0123456789abcdef0123456789abcdef"
DATABASE = "postgres://comity:hunter2@db:5432/comity"


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch):
    for name in RULES:
        monkeypatch.delenv(name, raising=False)


def test_without_a_setting_comity_runs_by_itself_on_this_machine_only(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    settings = Settings.load()
    assert settings.own_postgres
    assert settings.own_redis
    assert settings.data == tmp_path / ".comity"
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert (settings.web_workers, settings.workers, settings.log) == (1, 2, "info")
    assert settings.allowed_origins == ()


def test_every_setting_is_read_from_its_variable(monkeypatch):
    values = {
        "COMITY_DATA": "/srv/comity",
        "COMITY_HOST": "0.0.0.0",
        "COMITY_PORT": "9000",
        "COMITY_SECRET": SECRET,
        "DATABASE_URL": DATABASE,
        "REDIS_URL": "redis://cache:6379/1",
        "COMITY_WEB_WORKERS": "4",
        "COMITY_WORKERS": "2",
        "COMITY_LOG": "DEBUG",
        "COMITY_ALLOWED_ORIGINS": "https://one.example, https://two.example:8443/",
        "COMITY_DOCUMENTS": "ONLY",
        "COMITY_DOCUMENTS_FILE": "/srv/documents.json",
        **dict.fromkeys(SWITCHES, "off"),
        **{name: str(most) for name, (_, most, _) in BOUNDS.items()},
    }
    assert values.keys() == RULES.keys()
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    settings = Settings.load()
    assert settings.data == Path("/srv/comity")
    assert settings.secret.get_secret_value() == SECRET
    assert settings.allowed_origins == ("https://one.example", "https://two.example:8443")
    assert not settings.own_postgres
    assert not settings.own_redis
    assert (settings.documents, settings.documents_file) == ("only", Path("/srv/documents.json"))
    fields = {field.validation_alias: name for name, field in Settings.model_fields.items()}
    assert fields.keys() == RULES.keys()
    assert {name: getattr(settings, fields[name]) for name in BOUNDS} == {
        name: most for name, (_, most, _) in BOUNDS.items()
    }
    assert not any(getattr(settings, fields[name]) for name in SWITCHES)


def test_settings_survive_the_way_into_another_process(monkeypatch):
    """What a supervisor resolved is what its children read."""
    settings = Settings(
        secret=SECRET,
        database_url=DATABASE,
        workers=3,
        allowed_origins=("https://one.example",),
        data=Path("/srv/x"),
        introspection=False,
        suggestions=True,
        documents_file=Path("/srv/d.json"),
        max_cost=70,
    )
    for name, value in settings.environment().items():
        monkeypatch.setenv(name, value)
    assert Settings.load() == settings


def test_settings_do_not_change():
    settings = Settings.load()
    with pytest.raises(ValidationError):
        settings.port = 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("COMITY_PORT", "http"),
        ("COMITY_PORT", "0"),
        ("COMITY_PORT", "65536"),
        ("COMITY_HOST", "a b"),
        ("COMITY_WEB_WORKERS", "0"),
        ("COMITY_WORKERS", "-1"),
        ("COMITY_LOG", "loud"),
        ("COMITY_DOCUMENTS", "some"),
        ("COMITY_GRAPHIQL", "perhaps"),
        *((name, str(most + 1)) for name, (_, most, _) in BOUNDS.items()),
        *((name, str(least - 1)) for name, (least, _, _) in BOUNDS.items()),
        ("COMITY_ALLOWED_ORIGINS", "one.example"),
        ("COMITY_ALLOWED_ORIGINS", "https://one.example/path"),
    ],
)
def test_a_bad_value_is_refused_in_a_sentence(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refused:
        Settings.load()
    assert str(refused.value) == f"{name} is {value!r}: it must be {RULES[name]}."


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://comity:hunter2@db/comity"),
        ("DATABASE_URL", "postgres://comity:hunter2@db:port/comity"),
        ("DATABASE_URL", "hunter2"),
        ("REDIS_URL", "http://:hunter2@cache"),
    ],
)
def test_a_bad_address_is_refused_without_being_shown(monkeypatch, name, value):
    """Addresses hold passwords."""
    monkeypatch.setenv("COMITY_SECRET", SECRET)
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refused:
        Settings.load()
    assert str(refused.value) == f"{name} has a value that cannot be used: it must be {RULES[name]}."


def test_all_bad_values_are_named_at_once(monkeypatch):
    monkeypatch.setenv("COMITY_PORT", "http")
    monkeypatch.setenv("COMITY_LOG", "loud")
    with pytest.raises(SettingsError) as refused:
        Settings.load()
    assert [line.split()[0] for line in str(refused.value).splitlines()] == ["COMITY_PORT", "COMITY_LOG"]


def test_production_needs_a_secret(monkeypatch):
    """Every process must sign with the same one, so none may make one up."""
    monkeypatch.setenv("DATABASE_URL", DATABASE)
    with pytest.raises(SettingsError, match="COMITY_SECRET is missing"):
        Settings.load()


def test_a_short_secret_is_refused_without_being_shown(monkeypatch):
    monkeypatch.setenv("COMITY_SECRET", "hunter2")
    with pytest.raises(SettingsError, match="COMITY_SECRET is too short") as refused:
        Settings.load()
    assert "hunter2" not in str(refused.value)


def test_secrets_are_not_in_what_is_printed():
    shown = repr(Settings(secret=SECRET, database_url=DATABASE, redis_url="redis://:hunter2@cache"))
    assert SECRET not in shown
    assert "hunter2" not in shown


def test_every_setting_stands_on_the_operators_page_with_its_default():
    page = (Path(__file__).parents[2] / "docs" / "operations.md").read_text()
    rows = [line.split("|")[1:3] for line in page.splitlines() if line.startswith("| `")]
    told = {}
    for names, defaults in rows:
        values = re.findall(r"`([^`]*)`", defaults)
        for number, name in enumerate(re.findall(r"`([A-Z_]+)`", names)):
            told.setdefault(name, set()).add(values[number] if number < len(values) else None)
    assert set(RULES) <= told.keys()
    fields = {field.validation_alias: field.default for field in Settings.model_fields.values()}
    for name in (*BOUNDS, *SWITCHES, "COMITY_DOCUMENTS"):
        default = (
            {True: "on", False: "off"}.get(fields[name], str(fields[name])) if name in SWITCHES else str(fields[name])
        )
        assert default in told[name], name
