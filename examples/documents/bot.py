"""Answers from the documents in a folder: the paragraphs that fit best go with the question."""

import math
import re
from collections import Counter
from pathlib import Path

from workers.handlers import on

FOLDER = Path(__file__).parent / "docs"
INSTRUCTIONS = """Answer from the paragraphs alone, and name the file that says so. If they do not
say it, say that you do not know."""
BEST = 3


def words(text):
    return re.findall(r"[a-z0-9]+|[\u4e00-\u9fff]", text.lower())


def paragraphs():
    for file in sorted(FOLDER.glob("*.md")):
        title, *rest = file.read_text(encoding="utf-8").split("\n\n")
        for paragraph in rest:
            yield file.name, f"{title}\n{paragraph.strip()}"


DOCUMENTS = [(name, text, Counter(words(text))) for name, text in paragraphs()]
SEEN = Counter(word for _, _, counts in DOCUMENTS for word in counts)


def fitting(question):
    """Return the paragraphs that share the most, and the rarest, words with a question."""

    def score(counts):
        shared = set(words(question)) & counts.keys()
        rare = {word: math.log(1 + len(DOCUMENTS) / SEEN[word]) for word in shared}
        return sum(rare[word] * counts[word] / (1 + counts[word]) for word in shared)

    best = sorted(DOCUMENTS, key=lambda document: -score(document[2]))[:BEST]
    return [(name, text) for name, text, counts in best if score(counts) > 0]


@on.message(chat_type="p2p")
async def answer(turn):
    found = fitting(turn.text)
    if not found:
        return "I find nothing about that."
    context = "\n\n".join(f"[{name}]\n{text}" for name, text in found)
    answer = await turn.ask(f"{context}\n\nQuestion: {turn.text}", instructions=INSTRUCTIONS)
    sources = ", ".join(sorted({name for name, _ in found}))
    return f"{answer}\n\n*{sources}*"
