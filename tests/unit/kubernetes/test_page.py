"""What docs/kubernetes.md has one type is what `kubectl` takes, and names what there is."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from tests.documented import blocks
from tests.unit.kubernetes.installation import KUBECTL, MANIFESTS, ROOT, build, installed

if TYPE_CHECKING:
    from pathlib import Path

PAGE = ROOT / "docs/kubernetes.md"
DEPLOYMENT = re.compile(r"deployment/([\w-]+)")
SERVICE = re.compile(r"service/([\w-]+)")
CONFIG = {
    "apiVersion": "v1",
    "kind": "Config",
    "current-context": "nobody",
    "clusters": [{"name": "nobody", "cluster": {"server": "https://127.0.0.1:1"}}],
    "contexts": [{"name": "nobody", "context": {"cluster": "nobody", "user": "nobody"}}],
    "users": [{"name": "nobody", "user": {"token": "none"}}],  # else it asks for a name
}
EVERYTHING = ("dev", "prod with KEDA")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy in which the page's commands may copy and build, and files with secrets."""
    shutil.copytree(MANIFESTS, tmp_path / "k8s")
    secrets = tmp_path / "larkspur"
    secrets.mkdir()
    for name in ("feishu", "redis", "model", "flower"):
        (secrets / f"{name}.env").write_text("NAME=value\n")
    (tmp_path / "config").write_text(json.dumps(CONFIG))
    return tmp_path


def commands() -> list[str]:
    """Return every command of the page, and those that its tables name."""
    shown = [text for language, text in blocks(PAGE) if language == "sh"]
    named = re.findall(r"`(kubectl [^`]+)`", PAGE.read_text())
    return [*shown, *named]


def lines() -> list[str]:
    """Return each that begins with kubectl, without what it is piped into."""
    found = [line.strip() for text in commands() for line in text.splitlines()]
    return sorted({line.rstrip(" |") for line in found if line.startswith("kubectl ")})


def test_kubectl_takes_every_command(checkout: Path) -> None:
    shell("cp -r k8s/overlays/prod k8s/overlays/mybot", checkout)

    with ThreadPoolExecutor(4) as pool:
        answers = pool.map(lambda line: asked(line, checkout), lines())
    said = dict(zip(lines(), answers, strict=True))

    assert len(said) > 20
    for line, answer in said.items():
        print(f"{line}\n  {answer}")
        assert answer == "done" or "connection refused" in answer or "was refused" in answer


def test_kubectl_would_refuse_a_wrong_option(checkout: Path) -> None:
    answer = asked("kubectl -n larkspur rollout status deployment/ingress --time=3m", checkout)

    assert "unknown flag" in answer


def test_an_overlay_is_made_as_the_page_says(checkout: Path) -> None:
    for text in commands():
        for line in filter(lambda it: it.strip().startswith("cp "), text.splitlines()):
            shell(line.strip(), checkout)

    for name in ("mybot", "salesbot"):
        assert build(checkout / "k8s/overlays" / name)


def test_everything_that_is_named_is_there() -> None:
    objects = [it for name in EVERYTHING for it in installed(name).objects]
    there = {(it["kind"], it["metadata"]["name"]) for it in objects}
    text = PAGE.read_text()

    assert {("Deployment", name) for name in DEPLOYMENT.findall(text)} <= there
    assert {("Service", name) for name in SERVICE.findall(text)} <= there


def test_links_lead_somewhere() -> None:
    for link in re.findall(r"\]\(([^)#]+)(?:#[\w-]+)?\)", PAGE.read_text()):
        assert (PAGE.parent / link).exists(), link


def asked(line: str, folder: Path) -> str:
    """Run a command where no cluster answers; return `done`, or its complaint."""
    return shell(line.replace("NODE", "node"), folder)


def shell(line: str, folder: Path) -> str:
    """Have a shell run it as the page has it, with our `kubectl` and the home of `checkout`."""
    environment = {
        "HOME": str(folder),
        "KUBECONFIG": str(folder / "config"),
        "PATH": f"{KUBECTL.parent}:{os.environ['PATH']}",
        "name": "feishu",  # of the page's loop
    }
    ended = subprocess.run(
        line,
        shell=True,
        cwd=folder,
        env=environment,
        input="{apiVersion: v1, kind: Secret, metadata: {name: piped}}",
        capture_output=True,
        text=True,
        check=False,
    )
    return "done" if ended.returncode == 0 else ended.stderr
