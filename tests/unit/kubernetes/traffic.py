"""Who may talk to whom, by the NetworkPolicies of an installation."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.unit.kubernetes.installation import Installation, Object, Pod

WORLD = "0.0.0.0/0"


def rules(installation: Installation, pod: Pod, way: str) -> Iterator[Object]:
    """Yield what a pod is let do; `way` is `ingress` or `egress`."""
    for policy in installation.of_kind("NetworkPolicy"):
        spec = policy["spec"]
        if way.title() in spec["policyTypes"] and selects(spec["podSelector"], pod.labels):
            yield from spec.get(way, ())


def reaches(installation: Installation, source: Pod, target: Pod, port: str) -> bool:
    """Tell whether one pod of a namespace may connect to a port of another."""
    sent = any(
        to_port(rule, target, port) and any_is(rule.get("to"), target.labels, None)
        for rule in rules(installation, source, "egress")
    )
    return sent and received(installation, target, port, source.labels, namespace=None)


def received(
    installation: Installation,
    target: Pod,
    port: str,
    labels: Mapping[str, str],
    *,
    namespace: str | None,
) -> bool:
    """Tell whether a pod takes connections from one with these labels, in another namespace."""
    return any(
        to_port(rule, target, port) and any_is(rule.get("from"), labels, namespace)
        for rule in rules(installation, target, "ingress")
    )


def ports_of_the_world(installation: Installation, pod: Pod) -> set[int]:
    """Return the ports on which a pod may reach any address at all."""
    return {
        port["port"]
        for rule in rules(installation, pod, "egress")
        if "to" not in rule or WORLD in {it.get("ipBlock", {}).get("cidr") for it in rule["to"]}
        for port in rule["ports"]
    }


def to_port(rule: Object, target: Pod, port: str) -> bool:
    return any(it["port"] in (port, target.ports[port]) for it in rule["ports"])


def any_is(peers: list[Object] | None, labels: Mapping[str, str], namespace: str | None) -> bool:
    return peers is None or any(is_one(peer, labels, namespace) for peer in peers)


def is_one(peer: Object, labels: Mapping[str, str], namespace: str | None) -> bool:
    if "ipBlock" in peer:
        return False  # addresses of pods are private ones
    named = {} if namespace is None else {"kubernetes.io/metadata.name": namespace}
    if "namespaceSelector" not in peer and namespace is not None:
        return False
    return selects(peer.get("namespaceSelector", {}), named) and selects(
        peer.get("podSelector", {}), labels
    )


def selects(selector: Object, labels: Mapping[str, str]) -> bool:
    """Tell whether a selector matches, as far as ours use them."""
    for demand in selector.get("matchExpressions", ()):
        among = labels.get(demand["key"]) in demand["values"]
        if among != {"In": True, "NotIn": False}[demand["operator"]]:
            return False
    wanted: Mapping[str, str] = selector.get("matchLabels", {})
    return wanted.items() <= labels.items()
