"""Does a sentence deny what its evidence says, or say what it denies?

Each clause of the sentence is laid beside the clause of the evidence that it says again. The two
conflict when one has a negation that the other lacks, or when one rises where the other falls.
A word of denial without a negation (lack, fail, 缺, 难) can stand against a negation, unless the
clauses are otherwise the same. Not covered: a denial put in wholly other words.
"""

import re

from rag.verification.alignment import SAME_WORDS, Aligned, aligned
from rag.verification.sources import Source, Statement
from rag.verification.vocabulary import Translate

_NEGATION = re.compile(
    r"不(?!断|少|同|仅|只|但|久|过|乏|论|妨|错|管|限于|可或缺|及预期|等)|没有|没(?=[能见])|未(?!来|必)|"
    r"无(?!论|人|疑|线|锡|形|数|限|缝|监督|穷|需|界)|非(?!常|卡口|洲|均|遗|线性|凡)|禁止|并非|"
    r"\b(?:not(?! only)|no(?!\. ?[0-9]| longer than)|never|neither|cannot|none|without)\b|n['’]t\b",
    re.IGNORECASE,
)
_DENIAL = re.compile(
    r"[不没未无非缺少低弱难仅只差亏失免拒禁停减避防]|暂|尚|有待|"
    r"\b(?:no[tnr]?|never|neither|without|cannot|lack\w*|fail\w*|less|few\w*|little|hardly|rarely|"
    r"barely|unable|only|low\w*|weak\w*|poor\w*|loss\w*|prohibit\w*|ban\w*|forbid\w*|refus\w*|"
    r"exclud\w*|prevent\w*|avoid\w*|yet|still|rather|instead|short\w*|un(?!ity|ited|i|der)\w+|"
    r"in(?:ability|sufficient|adequate|complete|efficient|conclusive)\w*|non\w*|dis(?!cord|tri)\w+|"
    r"difficult\w*|hard(?!ware)\w*|free|leave\w*|making a loss)\b|n['’]t\b",
    re.IGNORECASE,
)
_UP = re.compile(
    r"增长|上升|提升|提高|增加|上涨|升至|增至|扩大|加快|高于|领先|优于|好于|跑赢|追赶|更[好优强高快]|复合增|"
    r"\b(?:rise[sn]?|rose|rising|increas\w*|grow\w*|grew|went up|up(?= [0-9])|gain\w*|higher|"
    r"outperform\w*|beat\w*|improv\w*|faster|better|rais\w*|lead(?:s|ing)?|catch\w* up|CAGR)\b",
    re.IGNORECASE,
)
_DOWN = re.compile(
    r"下降|减少|降低|下滑|下跌|降至|缩小|放缓|低于|落后|不如|劣于|跑输|减轻|减小|缩短|更[差弱低慢]|"
    r"\b(?:fall\w*|fell|declin\w*|drop\w*|decreas\w*|went down|down(?= [0-9])|lower\w*|"
    r"underperform\w*|reduc\w*|shrink\w*|shrank|worse\w*|slow\w*|lag\w*|behind)\b",
    re.IGNORECASE,
)
_SAME_THING = 0.4  # of a clause must be in one of the evidence, to be held against it
_SAME_CLAUSE = 0.85


def turned_round(claim: Statement, source: Source, translate: Translate) -> str:
    """Return the clause by which a sentence says the contrary of its evidence, or ""."""
    for start, end in claim.clauses:
        clause = claim.folded[start:end]
        beside = aligned(clause, source, translate)
        if not beside or beside[0].said < _SAME_THING:
            continue
        # The original and its rendering, or two clauses that say the same: one that agrees will do.
        best = [item for item in beside if item.both >= 0.9 * beside[0].both]
        elsewhere = claim.folded[:start] + "\n" + claim.folded[end:]
        if all(_denies(clause, elsewhere, item) or _turns(clause, item) for item in best):
            return clause.strip()
    return ""


def _denies(clause: str, elsewhere: str, item: Aligned) -> bool:
    """Say whether just one of two clauses has a negation, and the other nothing that is like one.

    Clauses that are much the same are held to it strictly. Others may have their negation in a
    neighbouring clause, as two languages part a sentence differently.
    """
    mine, theirs = len(_NEGATION.findall(clause)), len(_NEGATION.findall(item.text))
    if item.nearness >= _SAME_CLAUSE:
        return mine % 2 != theirs % 2 or bool(mine) != bool(theirs)
    if bool(mine) == bool(theirs):
        return False
    if item.nearness >= SAME_WORDS:
        return True
    whole = item.statement.folded
    rest = whole[: item.span[0]] + "\n" + whole[item.span[1] :]
    silent, beside = (item.text, rest) if mine else (clause, elsewhere)
    return not (_DENIAL.search(silent) or _NEGATION.search(beside))


def _turns(clause: str, item: Aligned) -> bool:
    """Say whether a clause rises where the other falls."""
    if _NEGATION.search(clause) or _NEGATION.search(item.text.replace("不如", "")):
        return False
    up, down = len(_UP.findall(clause)), len(_DOWN.findall(clause))
    their_up, their_down = len(_UP.findall(item.text)), len(_DOWN.findall(item.text))
    if up + down == 0 or their_up + their_down == 0:
        return False
    if item.nearness >= SAME_WORDS and up + down == their_up + their_down:
        return up != their_up
    return (up > 0 and down == 0 and their_up == 0) or (down > 0 and up == 0 and their_down == 0)
