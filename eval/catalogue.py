"""What is measured: every metric with its names, definition and source; the one list of them.

A metric is the mean of a value per question over the questions it applies to. Where a question
crashed, every metric that applies to its case counts as 0.
"""

from dataclasses import dataclass
from enum import StrEnum


class Scope(StrEnum):
    """Which questions a metric applies to."""

    ALL = "all"
    ANSWERABLE = "answerable"
    UNANSWERABLE = "unanswerable"
    ANSWERED = "answered"  # the assistant answered, rightly or not
    DECLINED = "declined"  # the assistant declined, rightly or not
    YES_NO = "yes_no"  # yes/no cases


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric; values lie between 0 and 1, higher is better."""

    name: str
    zh: str
    en: str
    scope: Scope
    definition: str


METRICS = (
    Metric("passed", "可用", "usable", Scope.ALL,
           "right, in the language of the question, and short; of an unanswerable question: declined"),
    Metric("correct", "正确", "correct", Scope.ALL,
           "holds every fact that the case asks for (summaries: min_facts of them); a yes/no answer "
           "that says the wrong one is wrong; of an unanswerable question: declined"),
    Metric("right_language", "语言正确", "right language", Scope.ALL,
           "written in the language of the question, by Chinese characters against Latin words"),
    Metric("concise", "简洁", "concise", Scope.ALL,
           "at most 240 Chinese characters and 140 words; lists, summaries and comparisons twice that"),
    Metric("polarity", "是否判断", "yes or no said rightly", Scope.YES_NO,
           "the answer begins with the right one of yes and no; saying neither counts as 0"),
    Metric("recall@1", "召回@1", "recall@1", Scope.ANSWERABLE,
           "share of the evidence found in the first chunk (eval/ranking.py)"),
    Metric("recall@5", "召回@5", "recall@5", Scope.ANSWERABLE,
           "share of the evidence found in the first 5 chunks"),
    Metric("recall@10", "召回@10", "recall@10", Scope.ANSWERABLE,
           "share of the evidence found in the first 10 chunks"),
    Metric("mrr", "MRR", "MRR", Scope.ANSWERABLE,
           "1 / rank of the first chunk with evidence (Voorhees 1999)"),
    Metric("ndcg@10", "nDCG@10", "nDCG@10", Scope.ANSWERABLE,
           "discounted gain of evidence in the first 10 chunks (Järvelin and Kekäläinen 2002)"),
    Metric("cited", "引对出处", "cites the evidence", Scope.ANSWERABLE,
           "some citation overlaps the case's evidence, or states its facts elsewhere"),
    Metric("evidence_precision", "证据精确率", "evidence precision", Scope.ANSWERABLE,
           "share of the citations that are evidence of the case; 0 without citations"),
    Metric("evidence_recall", "证据召回率", "evidence recall", Scope.ANSWERABLE,
           "share of the case's evidence that is cited"),
    Metric("right_section", "章节正确", "right section", Scope.ANSWERABLE,
           "some citation stands under the same headings as the evidence"),
    Metric("right_page", "页码正确", "right page", Scope.ANSWERABLE,
           "some citation stands on the page of the evidence, where the report has pages"),
    Metric("citation_recall", "句子有据", "grounded sentences", Scope.ANSWERED,
           "share of the answer's sentences that their citations carry (ALCE citation recall, "
           "Gao et al. 2023, judged by code)"),
    Metric("citation_precision", "引用精确率", "citation precision", Scope.ANSWERED,
           "share of the citations that a carried sentence needs (ALCE, Gao et al. 2023)"),
    Metric("number_support", "数字有据", "numbers supported", Scope.ANSWERED,
           "share of the answer's figures, dates and percentages that its citations support"),
    Metric("quotes_exact", "引文逐字", "quotes exact", Scope.ANSWERED,
           "share of the quotes that are exactly the report's text at their place"),
    Metric("labels_true", "页码章节属实", "labels true", Scope.ANSWERED,
           "share of the citations whose printed page and section are those of the quote"),
    Metric("abstention_recall", "拒答召回率", "abstention recall", Scope.UNANSWERABLE,
           "share of the unanswerable questions that were declined"),
    Metric("abstention_precision", "拒答精确率", "abstention precision", Scope.DECLINED,
           "share of the declined questions that are unanswerable"),
)  # fmt: skip

BY_NAME = {metric.name: metric for metric in METRICS}
