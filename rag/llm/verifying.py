"""Sentences of a draft → those that their evidence carries, with the evidence they cite."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from corpus.schema import Language
from index.opened import OpenedIndex
from rag.composing.citations import citation_of
from rag.evidence.evidence import Evidence
from rag.llm.hostile import addresses_model
from rag.schema import CheckedSentence, Citation
from rag.verification.drafts import DraftSentence, joint
from rag.verification.sources import Source, source_of
from rag.verification.verify import Finding, Refusal, check_sentence
from rag.verification.vocabulary import Translate
from rag.verification.wording import coverage

_BINDS = 0.6
"""Least share of an uncited sentence that a piece of evidence must speak of to be its source."""


@dataclass
class Verifier:
    """Checks the sentences of one draft as they come, and keeps the answer that they make."""

    index: OpenedIndex
    language: Language
    translate: Translate
    evidence: Mapping[int, Evidence]  # by the id that the model was given
    checked: list[CheckedSentence] = field(default_factory=list)
    _kept: list[tuple[DraftSentence, tuple[int, ...]]] = field(default_factory=list)
    _sources: dict[int, Source] = field(default_factory=dict)

    def take(self, sentence: DraftSentence) -> bool:
        """Check a sentence and keep it when it passes; say whether it did."""
        ids, finding = self._check(sentence)
        self.checked.append(
            CheckedSentence(sentence.text, ids, finding.refusal.value, finding.detail)
        )
        if finding.passed:
            self._kept.append((sentence, ids))
        return finding.passed

    def refuse(self, positions: Sequence[int]) -> None:
        """Take back kept sentences, given by their positions among those kept."""
        gone = [self._kept[position] for position in positions]
        self._kept = [item for item in self._kept if item not in gone]
        texts = {(sentence.text, ids) for sentence, ids in gone}
        self.checked = [
            CheckedSentence(item.text, item.evidence, Refusal.JUDGED.value)
            if (item.text, item.evidence) in texts
            else item
            for item in self.checked
        ]

    @property
    def kept(self) -> list[tuple[DraftSentence, tuple[int, ...]]]:
        """Return the sentences that passed, with the ids of their evidence."""
        return list(self._kept)

    @property
    def num_refused(self) -> int:
        """Return how many sentences did not pass."""
        return sum(bool(item.refusal) for item in self.checked)

    def pieces(self) -> list[str]:
        """Return the answer's text, a piece for each kept sentence; joined they are the text."""
        numbers = self._numbers()
        parts: list[str] = []
        for sentence, ids in self._kept:
            signs = "".join(f"[{numbers[number]}]" for number in ids)
            parts.append(f"{joint(sentence, is_first=not parts)}{sentence.text} {signs}")
        return parts

    def citations(self) -> tuple[Citation, ...]:
        """Return the citations, in the order of their markers.

        Raises:
            ValueError: A quote is not what its document says.
        """
        numbers = self._numbers()
        return tuple(
            citation_of(marker, self.evidence[number], self.index)
            for number, marker in numbers.items()
        )

    def _numbers(self) -> dict[int, int]:
        """Return the marker of each piece of evidence that is cited, by first mention from 1."""
        cited = dict.fromkeys(number for _, ids in self._kept for number in ids)
        return {number: marker for marker, number in enumerate(cited, 1)}

    def _check(self, sentence: DraftSentence) -> tuple[tuple[int, ...], Finding]:
        if addresses_model(sentence.text):
            return sentence.markers, Finding(Refusal.INSTRUCTION, sentence.text[:40])
        known = tuple(number for number in sentence.markers if number in self.evidence)
        if known:
            return known, self._against(sentence.text, known)
        # Without a marker that leads anywhere: one piece of evidence must carry it all.
        for number in self.evidence:
            if coverage(sentence.text, self._source(number), self.translate) >= _BINDS:
                finding = self._against(sentence.text, (number,))
                if finding.passed:
                    return (number,), finding
        return (), Finding(Refusal.UNCITED)

    def _against(self, text: str, ids: Sequence[int]) -> Finding:
        sources = [self._source(number) for number in ids]
        return check_sentence(text, sources, self.language, self.translate)

    def _source(self, number: int) -> Source:
        if number not in self._sources:
            evidence = self.evidence[number]
            metadata = self.index.document(evidence.doc_id).metadata
            self._sources[number] = source_of(evidence, metadata)
        return self._sources[number]
