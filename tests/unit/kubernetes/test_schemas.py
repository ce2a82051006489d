"""The oldest and the newest Kubernetes that we support know every field; so do operators."""

from __future__ import annotations

import functools
import os
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from kubernetes_validate import utils

from tests.unit.kubernetes.installation import ROOT, Installation, Object

OLDEST = "1.31"
NEWEST = "1.37"
OPERATORS = {"external-secrets.io", "keda.sh", "monitoring.coreos.com"}
CRDS = Path(os.environ.get("K8S_CRDS", ROOT.parent / "shared/k8s-crds"))


@pytest.fixture(autouse=True)
def schemas_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(utils, "schema_contents", read_once)


@functools.cache
def read_once(name: str, version: str) -> Any:
    return _SCHEMA_CONTENTS(name, version)


_SCHEMA_CONTENTS = utils.schema_contents


@pytest.mark.parametrize("version", [OLDEST, NEWEST])
def test_kubernetes_knows_every_field(installation: Installation, version: str) -> None:
    for found in installation.objects:
        if not is_of_an_operator(found):
            assert utils.validate(found, version, strict=True) == version


def test_kubernetes_would_find_a_misspelt_field() -> None:
    misspelt = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "a", "label": {}}}

    with pytest.raises(utils.ValidationError):
        utils.validate(misspelt, NEWEST, strict=True)


def test_the_newest_is_the_newest_there_is() -> None:
    assert utils.major_minor(utils.latest_version()) == NEWEST


def test_the_page_says_which_versions_are_supported() -> None:
    page = (ROOT / "docs/kubernetes.md").read_text()

    assert f"Kubernetes {OLDEST} to {NEWEST}" in page


def test_operators_know_every_field(installation: Installation) -> None:
    if not CRDS.is_dir():
        pytest.skip(f"{CRDS} holds no definitions of operators; K8S_CRDS may say where they are")
    for found in filter(is_of_an_operator, installation.objects):
        jsonschema.validate(found, strict(definition(found["apiVersion"], found["kind"])))


def test_operators_would_find_a_misspelt_field() -> None:
    declared = {"type": "object", "properties": {"port": {"type": "string"}}}

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"prot": "probes"}, strict(declared))


def is_of_an_operator(found: Object) -> bool:
    return found["apiVersion"].split("/")[0] in OPERATORS


@functools.cache
def definition(api_version: str, kind: str) -> Any:
    group, version = api_version.split("/")
    (path,) = CRDS.glob(f"{group}_{kind.lower()}s.yaml")
    spec = yaml.load(path.read_text(), yaml.CSafeLoader)["spec"]
    (found,) = (it for it in spec["versions"] if it["name"] == version)
    return found["schema"]["openAPIV3Schema"]


def strict(schema: Any) -> Any:
    """Refuse what is not declared; the server would drop it, and say nothing."""
    if isinstance(schema, list):
        return [strict(it) for it in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: strict(value) for key, value in schema.items()}
    if isinstance(found.get("pattern"), str):
        found["pattern"] = found["pattern"].replace("^(?i)", "(?i)^")  # as Python wants it
    if isinstance(found.get("properties"), dict) and "type" in found:
        open_ended = found.get("x-kubernetes-preserve-unknown-fields", False)
        found.setdefault("additionalProperties", bool(open_ended))
    return found
