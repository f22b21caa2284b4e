"""Readings of characters in Latin letters, as names are written: Hepburn, Korean, Hong Kong's.

Each function returns spellings with weights that sum to about 1: names keep older and private
spellings (Lee, Rhee and Yi are one name), so one reading has several.
"""

import re
from itertools import product

Weights = dict[str, float]


def hepburn(kana: str) -> Weights:
    """Return a word in hiragana in Latin letters, with and without its long vowels.

    >>> hepburn("とうきょう")
    {'tokyo': 0.85, 'toukyou': 0.15}
    """
    letters = ""
    doubled = False
    for syllable in _SYLLABLE.findall(kana):
        if syllable == "っ":
            doubled = True
            continue
        spelled = _KANA.get(syllable[0], "")
        if len(syllable) == 2:
            vowel = _SMALL[syllable[1]]
            spelled = spelled[:-1] + (vowel if spelled in ("shi", "chi", "ji") else "y" + vowel)
        if doubled and spelled:
            spelled = ("t" if spelled.startswith("ch") else spelled[0]) + spelled
            doubled = False
        letters += spelled
    short = re.sub("uu", "u", re.sub("ou|oo", "o", letters))
    return {letters: 1.0} if short == letters else {short: 0.85, letters: 0.15}


_SYLLABLE = re.compile("[あ-ゖー][ゃゅょ]?")
_SMALL = {"ゃ": "a", "ゅ": "u", "ょ": "o"}
_ROWS = {
    "": "あいうえお", "k": "かきくけこ", "s": "さ_すせそ", "t": "た__てと", "n": "なにぬねの",
    "h": "はひ_へほ", "m": "まみむめも", "y": "や_ゆ_よ", "r": "らりるれろ", "w": "わ____",
    "g": "がぎぐげご", "z": "ざ_ずぜぞ", "d": "だ__でど", "b": "ばびぶべぼ", "p": "ぱぴぷぺぽ",
}  # fmt: skip
_KANA = {
    kana: onset + vowel
    for onset, row in _ROWS.items()
    for kana, vowel in zip(row, "aiueo", strict=True)
    if kana != "_"
} | {
    "し": "shi", "ち": "chi", "つ": "tsu", "ふ": "fu", "じ": "ji", "ぢ": "ji", "づ": "zu",
    "ゐ": "i", "ゑ": "e", "を": "o", "ん": "n", "ゔ": "vu",
}  # fmt: skip


def korean(syllable: str) -> Weights:
    """Return one Hangul syllable in Latin letters, as people and companies write themselves.

    >>> korean("문")
    {'mun': 0.55, 'moon': 0.35, 'mwoon': 0.1}
    """
    number = ord(syllable) - _FIRST_HANGUL
    final = _FINALS[number % 28]
    onset, vowel = _ONSETS[number // 588], _VOWELS[number % 588 // 28]
    return _combined(_weights(onset), _weights(vowel), _weights(final))


_FIRST_HANGUL = 0xAC00
_ONSETS = [
    "g .6 k .4", "kk 1", "n 1", "d .6 t .4", "tt 1", "r .7 l .3", "m 1", "b .55 p .45", "pp 1",
    "s .9 sh .1", "ss 1", "", "j .75 ch .25", "jj 1", "ch 1", "k 1", "t 1", "p 1", "h 1",
]  # fmt: skip
_VOWELS = [
    "a 1", "ae .8 ai .1 e .1", "ya 1", "yae 1", "eo .5 u .35 o .15", "e 1",
    "yeo .5 yo .2 you .15 yu .15", "ye 1", "o .9 oh .1", "wa 1", "wae 1", "oe .5 oi .3 we .2",
    "yo 1", "u .55 oo .35 woo .1", "wo 1", "we 1", "wi 1", "yu .7 yoo .3", "eu .5 u .5",
    "ui .7 eui .15 i .15", "i .75 ee .2 yi .05",
]  # fmt: skip
_FINALS = [
    "", "k .7 g .3", "k 1", "k 1", "n 1", "n 1", "n 1", "t 1", "l .9 r .1", "k 1", "m 1", "l 1",
    "l 1", "l 1", "p 1", "l 1", "m 1", "p .7 b .3", "p 1", "t 1", "t 1", "ng 1", "t 1", "t 1",
    "k 1", "t 1", "p 1", "t 1",
]  # fmt: skip

KOREAN_SURNAMES = {
    "李": {"lee": 2.0, "rhee": 0.3}, "朴": {"park": 2.0}, "柳": {"ryu": 0.5}, "卢": {"roh": 1.0},
    "林": {"lim": 1.0, "rim": 0.2},
}  # fmt: skip
"""Spellings of surnames that follow no rule, with weights beside those of the readings."""


def cantonese(jyutping: str) -> Weights:
    """Return a Cantonese reading as names in Hong Kong spell it.

    >>> max(cantonese("zoeng1"), key=cantonese("zoeng1").get)
    'cheung'
    """
    match = re.fullmatch("(ng|gw|kw|[bpmfdtnlgkhwzcsj]?)([a-z]+)", jyutping.rstrip("123456"))
    if match is None:
        return {}
    onset, final = match.groups()
    if not onset and final in ("m", "ng"):
        return {"ng": 1.0}
    if final.startswith("aa") and final != "aa":
        final = final[1:]
    finals = _weights(_CANTONESE_FINALS.get(final, f"{final} 1"))
    if onset == "j" and final.startswith("yu"):
        finals = {letters.removeprefix("y"): weight for letters, weight in finals.items()}
    return _combined(_weights(_CANTONESE_ONSETS.get(onset, f"{onset} 1" if onset else "")), finals)


_CANTONESE_ONSETS = {
    "b": "p .6 b .4", "d": "t .6 d .4", "n": "n .9 l .1", "g": "k .75 g .25", "j": "y 1",
    "gw": "kw .8 gw .2", "z": "ch .5 ts .35 j .1 tz .05", "c": "ch .6 ts .4", "s": "s .75 sh .25",
}  # fmt: skip
_CANTONESE_FINALS = {
    "aa": "a 1", "au": "au .85 ow .15", "am": "am .6 um .4", "an": "an .7 un .3",
    "ap": "ap .7 up .3", "at": "at .8 ut .2", "e": "e .6 eh .2 a .2",
    "ei": "ei .35 i .3 ee .15 ay .1 e .1", "i": "i .5 z .25 ee .15 ze .1", "o": "o .8 or .2",
    "ou": "o .7 ou .2 u .1", "u": "u .6 oo .4", "un": "un .6 oon .4", "ut": "ut .6 oot .4",
    "oe": "eu .5 oe .5", "oeng": "eung .9 ong .1", "oek": "euk .6 eok .4", "eoi": "ui .9 eui .1",
    "eon": "un .9 eon .1", "eot": "ut 1", "yu": "u .65 ue .35", "yun": "uen .6 un .4",
    "yut": "uet .7 ut .3", "ung": "ung .9 oong .1", "uk": "uk .9 ook .1", "oi": "oi .8 oy .2",
}  # fmt: skip


def _weights(written: str) -> Weights:
    """Read "g .6 k .4"; nothing is the empty spelling."""
    parts = written.split()
    return {
        letters: float(weight) for letters, weight in zip(parts[::2], parts[1::2], strict=True)
    } or {"": 1.0}


def _combined(*parts: Weights) -> Weights:
    combined: Weights = {}
    for choice in product(*(part.items() for part in parts)):
        letters, weight = "", 1.0
        for spelled, share in choice:
            letters, weight = letters + spelled, weight * share
        combined[letters] = combined.get(letters, 0.0) + round(weight, 6)
    return combined
