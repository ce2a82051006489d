"""The platform's emoji by their names, as characters every machine can show.

The names are those of im-v1/message-reaction/emojis-introduce; the pictures there are drawn
by the platform, so a character is the nearest relative. What is not listed shows as its name.
"""

from __future__ import annotations

from typing import Final

TABLE: Final = """
OK 👌 THUMBSUP 👍 THANKS 🙏 MUSCLE 💪 FINGERHEART 🫰 APPLAUSE 👏 FISTBUMP 👊 DONE ✅ SMILE 🙂
BLUSH 😊 LAUGH 😄 SMIRK 😏 LOL 😂 FACEPALM 🤦 LOVE 😍 WINK 😉 PROUD 😌 WITTY 😜 SMART 🤓
SCOWL 😠 THINKING 🤔 SOB 😭 CRY 😢 ERROR 🙃 NOSEPICK 🙄 SPITBLOOD 🤮 JOYFUL 😁 WOW 😮 YEAH ✌️
TEARS 🥲 KISS 😘 SMOOCH 😚 DROOL 🤤 OBSESSED 🤩 MONEY 🤑 TEASE 😛 CLAP 👏 PRAISE 🙌 WAVE 👋
FROWN 🙁 SHY ☺️ DIZZY 😵 CHUCKLE 🤭 CRAZY 🤪 HUG 🤗 SHHH 🤫 ANGRY 😡 SHOCKED 😱 SKULL 💀
SWEAT 😓 SLEEP 😴 YAWN 🥱 SICK 🤒 PUKE 🤢 HEADSET 🎧 Typing ⌨️ Lemon 🍋 Get 🫴 LGTM 🆗 OnIt 🙋
OneSecond ⏳ SALUTE 🫡 SHAKE 🤝 HIGHFIVE 🙌 ThumbsDown 👎 TONGUE 👅 BEAR 🐻 ROSE 🌹 HEART ❤️
PARTY 🎉 LIPS 👄 BEER 🍺 CAKE 🍰 GIFT 🎁 CUCUMBER 🥒 Drumstick 🍗 Pepper 🌶️ BubbleTea 🧋
Coffee ☕ Yes 🙆 No 🙅 CheckMark ✔️ CrossMark ❌ Hundred 💯 Pin 📌 Alarm ⏰ Loudspeaker 📣
Trophy 🏆 Fire 🔥 BOMB 💣 Music 🎵 XmasTree 🎄 Snowman ⛄ FIREWORKS 🎆 REDPACKET 🧧
HEARTBROKEN 💔 POOP 💩 Soccer ⚽ Basketball 🏀 TV 📺 Movie 🎬 Pumpkin 🎃 Shrug 🤷 ClownFace 🤡
JIAYI \N{HEAVY PLUS SIGN}
"""
_CELLS = TABLE.split()
EMOJI: Final = dict(zip(_CELLS[::2], _CELLS[1::2], strict=True))


def emoji(name: str) -> str:
    """Return the character for a name, or the name between colons."""
    return EMOJI.get(name) or f":{name}:"
