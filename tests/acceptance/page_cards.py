"""Cards that bots of the tests send, and scripts that their pages run."""

from __future__ import annotations

import base64
from typing import Any

DOT_PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


def plain(content: str) -> dict[str, str]:
    return {"tag": "plain_text", "content": content}


def option(content: str, value: str) -> dict[str, Any]:
    return {"text": plain(content), "value": value}


APPROVAL: dict[str, Any] = {
    "config": {"wide_screen_mode": True, "update_multi": True},
    "header": {"template": "turquoise", "title": plain("Deployment request")},
    "elements": [
        {
            "tag": "div",
            "text": {"tag": "lark_md", "content": "**larkspur** to *production*"},
            "fields": [
                {"is_short": True, "text": {"tag": "lark_md", "content": "**Version**\n1.4.2"}},
                {"is_short": True, "text": {"tag": "lark_md", "content": "**Risk**\nlow"}},
            ],
        },
        {"tag": "hr"},
        {
            "tag": "action",
            "actions": [
                {
                    "tag": "button",
                    "type": "primary",
                    "text": plain("Approve"),
                    "value": {"do": "approve"},
                },
                {
                    "tag": "select_static",
                    "placeholder": plain("Postpone"),
                    "options": [option("tomorrow", "1"), option("next week", "7")],
                    "value": {"do": "postpone"},
                },
                {"tag": "overflow", "options": [option("Show the log", "log")], "value": {}},
            ],
        },
        {"tag": "note", "elements": [plain("Valid for 30 days")]},
    ],
}

DONE: dict[str, Any] = {
    "config": {"update_multi": True},
    "header": {"template": "green", "title": plain("Deployment request")},
    "elements": [{"tag": "markdown", "content": "Approved by **alice**"}],
}

FORM: dict[str, Any] = {
    "schema": "2.0",
    "header": {"template": "violet", "title": plain("Travel")},
    "body": {
        "elements": [
            {
                "tag": "form",
                "name": "trip",
                "elements": [
                    {"tag": "input", "name": "city", "label": plain("City"), "required": True},
                    {
                        "tag": "select_static",
                        "name": "class",
                        "placeholder": plain("Class"),
                        "options": [option("Economy", "eco"), option("Business", "biz")],
                    },
                    {
                        "tag": "multi_select_static",
                        "name": "with",
                        "placeholder": plain("With whom"),
                        "options": [option("Alice", "a"), option("Bob", "b")],
                    },
                    {"tag": "date_picker", "name": "day", "placeholder": plain("Day")},
                    {"tag": "checker", "name": "agree", "text": plain("I agree")},
                    {
                        "tag": "button",
                        "name": "submit",
                        "type": "primary_filled",
                        "text": plain("Submit"),
                        "form_action_type": "submit",
                    },
                ],
            },
            {
                "tag": "collapsible_panel",
                "header": {"title": plain("Thoughts")},
                "elements": [{"tag": "markdown", "content": "I *counted* the days."}],
            },
        ]
    },
}

STREAMING: dict[str, Any] = {
    "schema": "2.0",
    "config": {
        "streaming_mode": True,
        "streaming_config": {
            "print_frequency_ms": {"default": 200},
            "print_step": {"default": 4},
            "print_strategy": "delay",
        },
    },
    "header": {"template": "indigo", "title": plain("Larkspur")},
    "body": {"elements": [{"tag": "markdown", "element_id": "answer", "content": ""}]},
}


def hostile(text: str) -> dict[str, Any]:
    """Return a card with `text` in every place that shows some."""
    return {
        "schema": "2.0",
        "header": {"title": plain(text), "subtitle": plain(text)},
        "body": {
            "elements": [
                {"tag": "markdown", "content": text},
                {"tag": "markdown", "content": f"<font color='red'>{text}</font>"},
                {"tag": "button", "text": plain(text)},
                {"tag": "div", "text": plain(text)},
                {"tag": "select_static", "placeholder": plain(text), "options": []},
            ]
        },
    }


GIVE_FILE = """
(element, [kind, name]) => {
  const given = new DataTransfer();
  given.items.add(new File(["hello"], name, { type: "text/plain" }));
  const event = kind === "paste"
    ? new ClipboardEvent("paste", { clipboardData: given, bubbles: true, cancelable: true })
    : new DragEvent("drop", { dataTransfer: given, bubbles: true, cancelable: true });
  element.dispatchEvent(event);
}
"""

TRY_TO_RUN = """
() => [
  () => { document.body.innerHTML = "<img src=x onerror=alert(1)>"; },
  () => { document.createElement("script").textContent = "alert(1)"; },
].map((attempt) => {
  try { attempt(); return "ran"; } catch (error) { return error.name; }
})
"""

NAMELESS = """
() => [...document.querySelectorAll("button, a, input, select, textarea, summary, [role]")]
  .filter((element) => element.checkVisibility() && element.ariaHidden !== "true")
  .filter((element) => {
    const labels = [...(element.labels ?? [])].map((label) => label.textContent);
    const words = [element.ariaLabel, element.textContent, element.title, ...labels,
      element.ariaLabelledByElements?.map((each) => each.textContent).join("")];
    return !words.some((each) => each?.trim());
  })
  .map((element) => element.outerHTML.slice(0, 120))
"""
