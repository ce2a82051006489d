"""English into Chinese and Chinese into English, for whatever is said in a group."""

from shared.model.language import language_of
from workers.handlers import on

INTO = {
    "en": "Translate what the user says into Chinese. Write the translation and nothing else.",
    "zh": "Translate what the user says into English. Write the translation and nothing else.",
}


@on.message(chat_type="group")
async def translate(turn):
    language = language_of(turn.text)
    if language is None:  # a number, or a picture
        return None
    return await turn.ask(turn.text, instructions=INTO[language])
