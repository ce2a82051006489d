from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from shared.errors import ConfigurationError
from shared.settings import (
    CelerySettings,
    FlowerSettings,
    IngressSettings,
    UpSettings,
    known_names,
    read,
)

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, alone: None) -> None:
    monkeypatch.setenv("FEISHU_APP_ID", "cli_1")
    monkeypatch.setenv("FEISHU_APP_SECRET", "hush")


def test_secrets_never_print(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://:hush@example/0")

    assert "hush" not in repr(read(IngressSettings))


def test_misspelt_name_is_refused_with_the_right_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LARKSPUR_INGRES__PORT", "1")

    with pytest.raises(ConfigurationError, match=r"LARKSPUR_INGRES__PORT.*LARKSPUR_INGRESS__PORT"):
        read(IngressSettings)


def test_every_fault_has_a_line_that_names_its_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FEISHU_APP_SECRET")
    monkeypatch.setenv("FEISHU_DOMAIN", "open.feishu.cn")
    monkeypatch.setenv("LARKSPUR_INGRESS__PORT", "99999")
    monkeypatch.setenv("REDIS_URL", "redis://:hush/hush@example")

    with pytest.raises(ConfigurationError) as caught:
        read(IngressSettings)

    named = {line.partition(":")[0] for line in str(caught.value).splitlines()}
    assert named == {"FEISHU_APP_SECRET", "FEISHU_DOMAIN", "LARKSPUR_INGRESS__PORT", "REDIS_URL"}
    assert "hush" not in str(caught.value)


def test_env_file_is_read_and_the_environment_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("LARKSPUR_FLOWER__PORT=1111\nLARKSPUR_FLOWER__USER=file\n")
    monkeypatch.setenv("LARKSPUR_FLOWER__PORT", "2222")

    flower = read(FlowerSettings).flower

    assert (flower.port, flower.user) == (2222, "file")


def test_empty_value_is_no_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LARKSPUR_UP__REDIS_PORT", "")

    assert read(UpSettings).up.redis_port == 8720


def test_slash_after_the_domain_is_forgiven(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FEISHU_DOMAIN", "https://open.larksuite.com/")

    assert read(IngressSettings).feishu.domain == "https://open.larksuite.com"


def test_grace_of_a_worker_follows_from_when_it_will_be_killed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    by_itself = read(CelerySettings).worker.grace
    monkeypatch.setenv("LARKSPUR_WORKER__KILLED_AFTER", "75")

    assert (by_itself, read(CelerySettings).worker.grace) == (3.0, 65.0)


@pytest.mark.parametrize(("grace", "killed_after"), [("20.5", "30"), ("0", "9.9")])
def test_grace_that_outlasts_the_worker_is_refused(
    monkeypatch: pytest.MonkeyPatch, grace: str, killed_after: str
) -> None:
    monkeypatch.setenv("LARKSPUR_WORKER__GRACE", grace)
    monkeypatch.setenv("LARKSPUR_WORKER__KILLED_AFTER", killed_after)

    says = rf"{killed_after} s are too few for LARKSPUR_WORKER__GRACE, {grace} s, and the 10 s"
    with pytest.raises(ConfigurationError, match=says):
        read(CelerySettings)


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret"
    path.write_text("from a file\n")
    return path


def test_every_secret_may_lie_in_a_file(monkeypatch: pytest.MonkeyPatch, secret: Path) -> None:
    monkeypatch.delenv("FEISHU_APP_SECRET")
    monkeypatch.setenv("FEISHU_APP_SECRET_FILE", str(secret))
    Path(".env").write_text(f"FEISHU_ENCRYPT_KEY_FILE={secret}\n")
    url = secret.with_name("url")
    url.write_text("redis://:hush@example/0")
    monkeypatch.setenv("REDIS_URL_FILE", str(url))
    monkeypatch.setenv("DEEPSEEK_API_KEY", "")
    monkeypatch.setenv("DEEPSEEK_API_KEY_FILE", str(secret))
    monkeypatch.setenv("LARKSPUR_FLOWER__PASSWORD_FILE", str(secret))

    settings, flower = read(IngressSettings), read(FlowerSettings).flower

    key = settings.webhook.encrypt_key
    assert key is not None
    assert flower.password is not None
    found = settings.feishu.app_secret, key, flower.password
    assert {secret.get_secret_value() for secret in found} == {"from a file"}
    assert settings.redis.url.get_secret_value() == "redis://:hush@example/0"
    assert os.environ["DEEPSEEK_API_KEY"] == "from a file"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (None, "cannot read .*secret: No such file or directory"),
        (b"\xff\xfe", "cannot read .*secret: is no text"),
        (b" \n", "there is nothing in .*secret"),
        (b"another one", "FEISHU_APP_SECRET: both are set, and differ"),
    ],
)
def test_file_that_holds_no_secret_is_told_by_its_setting(
    monkeypatch: pytest.MonkeyPatch, secret: Path, text: bytes | None, says: str
) -> None:
    secret.unlink() if text is None else secret.write_bytes(text)
    monkeypatch.setenv("FEISHU_APP_SECRET_FILE", str(secret))

    with pytest.raises(ConfigurationError, match=f"FEISHU_APP_SECRET_FILE.*{says}") as caught:
        read(IngressSettings)

    assert "another" not in str(caught.value)


def test_file_of_what_is_no_secret_is_no_setting(
    monkeypatch: pytest.MonkeyPatch, secret: Path
) -> None:
    monkeypatch.setenv("LARKSPUR_FLOWER__USER_FILE", str(secret))

    with pytest.raises(ConfigurationError, match="LARKSPUR_FLOWER__USER_FILE: no such setting"):
        read(FlowerSettings)


def test_example_file_names_every_setting_and_no_other() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    named = [found[1] for line in lines if (found := re.match(r"# ([A-Z_]+)=", line))]

    assert sorted(named) == sorted(known_names())
