"""Secrets that lie in files, as Docker and Kubernetes hand them over: `X_FILE` holds `X`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, get_args

from pydantic import SecretStr

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, MutableMapping

    from shared.settings.fields import Group

_FILE: Final = "_FILE"

_OF_PROVIDERS: Final = "_API_KEY"
"""How the names end that the providers' own libraries look for."""


def secret_names(groups: Iterable[type[Group]]) -> list[str]:
    """Return the name of every setting whose value is a secret."""
    return [
        name
        for group in groups
        for name, field in zip(group.names(), group.model_fields.values(), strict=True)
        if _is_secret(field.annotation)
    ]


def _is_secret(annotation: object) -> bool:
    return annotation is SecretStr or any(map(_is_secret, get_args(annotation)))


def read_secret_files(
    environment: MutableMapping[str, str], secrets: Iterable[str]
) -> Iterator[str]:
    """Put in place of every `X_FILE` the `X` that is in that file; yield what is wrong with one.

    X is one of `secrets`, or a provider's key (`ANTHROPIC_API_KEY`). White space around what the
    file holds is not part of it.
    """
    known = {f"{name}{_FILE}" for name in secrets}
    for name in sorted(environment):
        if not (name in known or name.endswith(_OF_PROVIDERS + _FILE)):
            continue
        path, of = environment.pop(name), name.removesuffix(_FILE)
        if not path:
            continue
        try:
            secret = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "is no text"
            yield f"{name}: cannot read {path}: {reason}"
            continue
        if not secret:
            yield f"{name}: there is nothing in {path}"
        elif environment.get(of, "") not in ("", secret):
            yield f"{name}, {of}: both are set, and differ"
        else:
            environment[of] = secret
