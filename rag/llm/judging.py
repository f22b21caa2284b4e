"""A second model's opinion on sentences that the checks have passed. It can only take away."""

import json
import re
from collections.abc import Mapping, Sequence

from corpus.chat.client import StreamingModel
from corpus.chat.errors import ModelError
from corpus.schema import Language
from rag.evidence.evidence import Evidence
from rag.llm.prompts import instructions
from rag.llm.request import MAX_PIECE_CHARS
from rag.verification.drafts import DraftSentence

_ARRAY = re.compile(r"\[[\s0-9,]*\]")


def judged_unsupported(
    model: StreamingModel,
    kept: Sequence[tuple[DraftSentence, tuple[int, ...]]],
    evidence: Mapping[int, Evidence],
    language: Language,
    deadline_s: float,
) -> list[int]:
    """Return the positions of the sentences that a model finds unsupported.

    A model that fails, or answers anything but one array of known ids, has no say.
    """
    claims = [
        {
            "id": number,
            "text": sentence.text,
            "evidence": [evidence[cited].text[:MAX_PIECE_CHARS] for cited in ids],
        }
        for number, (sentence, ids) in enumerate(kept, 1)
    ]
    request = json.dumps({"claims": claims}, ensure_ascii=False)
    try:
        reply = "".join(
            model.stream(instructions("judge", language), request, deadline_s=deadline_s)
        )
    except ModelError:
        return []
    arrays = _ARRAY.findall(reply)
    if len(arrays) != 1:
        return []
    try:
        named = json.loads(arrays[0])
    except ValueError:
        return []
    if not all(1 <= number <= len(kept) for number in named):
        return []
    return sorted({number - 1 for number in named})
