"""Rich text: what a `post` an app sends must look like (im-v1/message/create_json).

It is kept as the platform gives it out again, with the language it was sent in left away
(facts 8).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from simulator.openapi.attachments import check_image
from simulator.openapi.errors import bad_parameter

if TYPE_CHECKING:
    from simulator.world.world import World

TAGS: Final = frozenset(
    {"text", "a", "at", "img", "media", "emotion", "hr", "code_block", "md"},
)
REQUIRED: Final = {
    "text": "text",
    "a": "href",
    "at": "user_id",
    "img": "image_key",
    "media": "file_key",
    "emotion": "emoji_type",
    "code_block": "text",
    "md": "text",
}
PREFERRED: Final = ("zh_cn", "en_us", "ja_jp")


def checked_post(parsed: dict[str, Any], world: World) -> dict[str, Any]:
    """Return `{"title", "content"}` in the language a reader gets.

    Raises:
        ApiError: 230001, with the reason in `ext`; 230017 for an image that is not the bot's.
    """
    body = _in_one_language(parsed)
    paragraphs = body.get("content")
    title = body.get("title", "")
    if not isinstance(title, str):
        raise _invalid("title is not a string")
    if not isinstance(paragraphs, list) or not all(isinstance(each, list) for each in paragraphs):
        raise _invalid("content is not a list of paragraphs")
    for element in (element for paragraph in paragraphs for element in paragraph):
        _check(element, world)
    return {"title": title, "content": paragraphs}


def _in_one_language(parsed: dict[str, Any]) -> dict[str, Any]:
    if isinstance(parsed.get("content"), list):
        return parsed
    languages = {key: body for key, body in parsed.items() if isinstance(body, dict)}
    found = next((languages[each] for each in PREFERRED if each in languages), None)
    if found is None:
        found = next(iter(languages.values()), None)
    if found is None:
        raise _invalid("message_content is empty")
    return found


def _check(element: Any, world: World) -> None:
    tag = element.get("tag") if isinstance(element, dict) else None
    if tag not in TAGS:
        raise _invalid(f"message_content has wrong tag:{{{str(tag)[:40]}}}")
    required = REQUIRED.get(tag)
    if required and not isinstance(element.get(required), str):
        raise _invalid(f"{tag} has no {required}")
    if tag == "img":
        check_image(element["image_key"], world)


def _invalid(why: str) -> Exception:
    return bad_parameter(f"invalid message content, ext={why}")
