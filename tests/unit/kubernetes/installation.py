"""The manifests as `kubectl kustomize` builds them: what an API server would be given."""

from __future__ import annotations

import functools
import shutil
import subprocess
import sys
import tempfile
from base64 import b64decode
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).parents[3]
MANIFESTS: Final = ROOT / "k8s"
KUBECTL: Final = Path(sys.executable).with_name("kubectl")

_ALIKE: Final = (
    "monitoring",
    "components/external-secrets",
    "components/webhook",
    "components/beat",
    "components/rules",
)
CHOICES: Final = {
    "dev": ("overlays/dev",),
    "dev with beat and rules": ("overlays/dev", "components/beat", "components/rules"),
    "prod": ("overlays/prod",),
    "prod with KEDA": ("overlays/prod", *_ALIKE, "components/keda"),
    "prod with an HPA": ("overlays/prod", *_ALIKE, "components/hpa"),
}
"""An overlay, and the components that somebody adds to it."""

Object = dict[str, Any]


class Unbuildable(Exception):
    """What kustomize says about it."""


@dataclass(frozen=True)
class Pod:
    """What one object has run, and the ConfigMaps and Secrets of its installation."""

    owner: Object
    configs: dict[str, dict[str, str]]
    secrets: dict[str, dict[str, str]]

    @property
    def name(self) -> str:
        return str(self.owner["metadata"]["name"])

    @property
    def template(self) -> Object:
        found: Object = self.owner["spec"]["template"]
        return found

    @property
    def spec(self) -> Object:
        found: Object = self.template["spec"]
        return found

    @property
    def labels(self) -> dict[str, str]:
        return dict(self.template["metadata"]["labels"])

    @property
    def containers(self) -> list[Object]:
        return [*self.spec.get("initContainers", ()), *self.spec["containers"]]

    @property
    def process(self) -> Object:
        """The container that is not there to prepare things."""
        (only,) = self.spec["containers"]
        return dict(only)

    @property
    def ours(self) -> bool:
        return self.labels["app.kubernetes.io/name"] == "larkspur"

    @property
    def ports(self) -> dict[str, int]:
        return {port["name"]: port["containerPort"] for port in self.process.get("ports", ())}

    def environment(self) -> dict[str, str]:
        """What its process finds there; what a Secret holds that is not part of it is `?`."""
        found: dict[str, str] = {}
        for source in self.process.get("envFrom", ()):
            if "configMapRef" in source:
                found |= self.configs[source["configMapRef"]["name"]]
            else:
                found |= self.secrets.get(source["secretRef"]["name"], {})
        for given in self.process.get("env", ()):
            found[given["name"]] = given["value"] if "value" in given else self._referred(given)
        return found

    def _referred(self, given: Object) -> str:
        source = given["valueFrom"]
        if "configMapKeyRef" in source:
            reference = source["configMapKeyRef"]
            return self.configs[reference["name"]][reference["key"]]
        reference = source["secretKeyRef"]
        return self.secrets.get(reference["name"], {}).get(reference["key"], "?")


@dataclass(frozen=True)
class Installation:
    """All objects of an overlay and its components."""

    name: str
    objects: list[Object] = field(repr=False)

    def of_kind(self, *kinds: str) -> list[Object]:
        return [found for found in self.objects if found["kind"] in kinds]

    def called(self, kind: str, name: str) -> Object:
        (found,) = (it for it in self.of_kind(kind) if it["metadata"]["name"] == name)
        return found

    @property
    def configs(self) -> dict[str, dict[str, str]]:
        return {it["metadata"]["name"]: it["data"] for it in self.of_kind("ConfigMap")}

    @property
    def pods(self) -> list[Pod]:
        secrets = {it["metadata"]["name"]: decoded(it) for it in self.of_kind("Secret")}
        owners = self.of_kind("Deployment", "StatefulSet")
        return [Pod(owner, self.configs, secrets) for owner in owners]

    def pod(self, name: str) -> Pod:
        (found,) = (pod for pod in self.pods if pod.name == name)
        return found


def decoded(secret: Object) -> dict[str, str]:
    return {key: b64decode(value).decode() for key, value in secret.get("data", {}).items()}


@functools.cache
def installed(name: str) -> Installation:
    """Return one of CHOICES; built once for a run of tests, so nobody may change it."""
    return Installation(name, combined(*CHOICES[name]))


def combined(overlay: str, *components: str) -> list[Object]:
    """Build an overlay whose list of components has been added to."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(MANIFESTS, folder, dirs_exist_ok=True)
        written = Path(folder, overlay, "kustomization.yaml")
        wanted = yaml.safe_load(written.read_text())
        wanted["components"] += [f"../../{component}" for component in components]
        written.write_text(yaml.safe_dump(wanted))
        return build(written.parent)


def build(folder: Path) -> list[Object]:
    """Return what `kubectl kustomize` makes of a folder.

    Raises:
        Unbuildable: it makes nothing of it.
    """
    ended = subprocess.run(
        (KUBECTL, "kustomize", folder), capture_output=True, text=True, check=False
    )
    if ended.returncode != 0:
        raise Unbuildable(ended.stderr)
    return list(yaml.load_all(ended.stdout, yaml.CSafeLoader))
