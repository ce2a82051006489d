"""Overlays and components build together, in the way they are meant to be combined."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.unit.kubernetes.installation import (
    CHOICES,
    MANIFESTS,
    Installation,
    Unbuildable,
    build,
    combined,
    installed,
)

if TYPE_CHECKING:
    from pathlib import Path

SCALERS = ("components/keda", "components/hpa")


def test_every_component_is_part_of_what_is_tested() -> None:
    tested = {folder for parts in CHOICES.values() for folder in parts}
    written = {
        str(it.parent.relative_to(MANIFESTS)) for it in MANIFESTS.rglob("kustomization.yaml")
    }

    assert written - tested == {"base", "components/restricted", "components/simulator", "redis"}
    assert {"simulator", "redis"} <= {pod.name for pod in installed("dev").pods}


@pytest.mark.parametrize("order", [SCALERS, SCALERS[::-1]])
def test_nothing_is_scaled_by_two(order: tuple[str, ...]) -> None:
    with pytest.raises(Unbuildable, match="replicas"):
        combined("overlays/prod", *order)


def test_what_is_scaled_says_no_number_of_its_own(installation: Installation) -> None:
    scaled = {
        it["spec"]["scaleTargetRef"]["name"]
        for it in installation.of_kind("HorizontalPodAutoscaler", "ScaledObject")
    }

    silent = {pod.name for pod in installation.pods if "replicas" not in pod.owner["spec"]}

    assert silent == scaled


def test_everything_is_in_one_namespace(installation: Installation) -> None:
    (namespace,) = installation.of_kind("Namespace")

    places = {it["metadata"].get("namespace") for it in installation.objects if it != namespace}

    assert places == {namespace["metadata"]["name"]}


def test_another_app_is_a_copy_of_prod_with_a_namespace_and_an_id(tmp_path: Path) -> None:
    shutil.copytree(MANIFESTS, tmp_path / "k8s")
    copy = tmp_path / "k8s/overlays/sales"
    shutil.copytree(MANIFESTS / "overlays/prod", copy)
    written = (copy / "kustomization.yaml").read_text()
    changed = written.replace("namespace: larkspur #", "namespace: sales #").replace(
        "components: []\n# - ../../monitoring\n", "components:\n- ../../components/keda\n"
    )
    (copy / "kustomization.yaml").write_text(changed.replace("cli_0123456789abcdef", "cli_sales"))

    sales = Installation("sales", build(copy))

    assert sales.called("Namespace", "sales")
    assert sales.pod("ingress").environment()["FEISHU_APP_ID"] == "cli_sales"
    queries = [
        trigger["metadata"]["query"]
        for scaled in sales.of_kind("ScaledObject")
        for trigger in scaled["spec"]["triggers"]
    ]
    assert len(queries) == 4
    assert {re.findall(r'namespace="(\w+)"', query)[0] for query in queries} == {"sales"}


def test_a_setting_that_changes_replaces_its_pods(tmp_path: Path) -> None:
    shutil.copytree(MANIFESTS, tmp_path / "k8s")
    prod = tmp_path / "k8s/overlays/prod"
    before = Installation("before", build(prod))
    written = (prod / "kustomization.yaml").read_text()
    (prod / "kustomization.yaml").write_text(written.replace("gpt-5-mini", "gpt-5"))

    after = Installation("after", build(prod))

    changed = {pod.name for pod in after.pods if pod.owner != before.pod(pod.name).owner}
    assert changed == {"worker-turns", "worker-events"}
