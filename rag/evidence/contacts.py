"""Addresses and ways to reach somebody, which answer only who asks for them.

"Where can one eat near the office?" shares its place names with the address of the house.
"""

import re

from corpus.schema import Role
from index.terms import simplify
from rag.evidence.evidence import Evidence
from rag.questions.question import Question

ADDRESS = re.compile(
    r"^\W*(?:\w{2,8})?(?:地址|address)\s*[:：]\s*\S|[路街道巷]\s?\d+(?:-\d+)?\s?号|\d+\s?[层楼室](?![高次])|大厦[A-Z]座|"
    r"\b\d+/F\b|\b(?:No\. ?)?\d+,? (?:[A-Z]\w+ ){1,3}(?:Road|Street|Avenue|Rd|St|Ave)\b",
    re.IGNORECASE,
)
"""What a line with an address looks like."""
_CONTACT = re.compile(
    r"@\w|^\W*(?:tel|phone|fax|e-?mail|电话|传真|邮箱|邮编|网址)\s*[:：]|\bwww\.", re.IGNORECASE
)
_ASKS = re.compile(
    r"地址|在哪|哪[里儿](?:办公|上班)|位于|坐落|办公|总部|注册地|办事处|分公司|[楼层座室]|邮编|邮箱|邮件|电话|手机|传真|联系|网址|网站|"
    r"哪[几个]?[座个]?城市|什么路|几号|\b(?:address\w*|where|offices?|located|location|headquarter\w*|based|floor|"
    r"building|tower|street|road|city|cities|post\w*|zip|e-?mail|phone|tel|fax|contact|reach|call|website|room|suite)\b",
    re.IGNORECASE,
)
NEARBY = re.compile(
    r"附近|周边|天气|下雨|好吃|餐厅|吃饭|停车|"
    r"\b(?:near|nearby|close to|weather|lunch|dinner|restaurants?|parking)\b",
    re.IGNORECASE,
)
"""What asks for the surroundings of a place."""


def is_unasked_contact(question: Question, evidence: Evidence) -> bool:
    """Say whether evidence is an address or another way to reach a house, and none is asked for."""
    if evidence.role is Role.CONTENT or evidence.is_cell:
        return False
    if not (ADDRESS.search(evidence.quote) or _CONTACT.search(evidence.quote)):
        return False
    text = simplify(question.text)
    return NEARBY.search(text) is not None or not _ASKS.search(text)
