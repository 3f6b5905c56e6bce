"""What may be printed: one helper that turns any text into characters the faces have.

No text is ever parsed as markup here, so there is nothing to escape; what remains are characters that are invisible,
that reorder others, or that no face has. Each substitution is declared on the methods page.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from reports.fonts import MISSING, has_glyph

_CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
_CURLY = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "…": "..."})
_APOSTROPHE = re.compile(r"(?<=[A-Za-z])’(?=[A-Za-z])")
_PICTURE = re.compile(
    "[\U0001f1e6-\U0001f1ff]{2}"
    "|[\u2139-\u21aa\u231a-\u23ff\u25aa-\u27bf\u2b05-\u2b55\u3030\U0001f000-\U0001faff]"
    "[\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff]*"
    "(?:\u200d[\u2600-\u27bf\U0001f300-\U0001faff][\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]*)*"
)
_CHINESE_PICTURES = {
    word[0]: word[1:]
    for word in """
👍赞 👎踩 👌好的 🙏拜托 💪加油 👏鼓掌 🤝握手 ✌胜利 👋挥手 😀笑脸 😁笑脸 😃笑脸 😄笑脸 😊微笑 🙂微笑 😂笑哭
🤣笑哭 😅苦笑 😆大笑 😉眨眼 😍喜欢 😎得意 🤔思考 😐无语 😑无语 🙄白眼 😏坏笑 😢难过 😭大哭 😞失望 😔失落 😩疲惫
😫疲惫 😤生气 😠生气 😡愤怒 🤬愤怒 😱惊恐 😨害怕 😰焦虑 😓流汗 😴困 🤯崩溃 🤦捂脸 🤷摊手 ❤爱心 💔心碎 🔥火
🎉庆祝 💩便便 🐛虫 💯满分 ⚠警告 ⛔禁止 🚫禁止 ✅对勾 ✔对勾 ❌叉 ✗叉 ✘叉 ❓问号 ❗叹号 ⭐星 🌟星
⏰闹钟 ⏳沙漏 📞电话 📱手机 📧邮件 📝便笺 📈上升 📉下降 💰钱 🚀火箭 💡灯泡
""".split()  # noqa: SIM905
}


@lru_cache(maxsize=4096)
def printable(text: str, language: str = "zh-CN") -> str:
    """``text`` in characters that can be printed; line breaks are kept.

    Controls (also those of writing direction) and invisible characters are dropped, tabs become spaces, pictures
    become 〔their name〕, compatibility characters fall back to plain ones, what is still unknown becomes 〓.
    """
    if text.isascii() and text.isprintable():
        return text
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    text = _PICTURE.sub(lambda match: _picture(match[0], language), text)
    text = _APOSTROPHE.sub("'", text)
    if not _CJK.search(text):
        text = text.translate(_CURLY)  # the face's curly quotes are as wide as a Chinese character
    return "".join(map(_character, text))


@lru_cache(maxsize=65536)
def _character(character: str) -> str:
    if character == "\n":
        return character
    if unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp") or "\ufe00" <= character <= "\ufe0f":
        return ""
    if has_glyph(character):
        return character
    plain = unicodedata.normalize("NFKC", character)
    return plain if all(map(has_glyph, plain)) else MISSING


def _picture(sequence: str, language: str) -> str:
    base = sequence[0]
    if has_glyph(base) and base not in _CHINESE_PICTURES:  # plain signs such as → and ■
        return base
    if language.startswith("zh"):
        return f"〔{_CHINESE_PICTURES.get(base, '表情')}〕"
    return f"[{unicodedata.name(base, 'picture').lower()}]"


_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def for_xml(text: str) -> str:
    """``text`` without what XML forbids and without controls of writing direction (not yet escaped)."""
    return _DIRECTION.sub("", _NOT_XML.sub("", text))
