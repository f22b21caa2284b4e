"""What dates say in a company's own report, and questions that name the filing they ask."""

from dataclasses import replace

import pytest

from corpus.loaders import read_document
from corpus.quantities import Quantity, QuantityKind, parse_quantities
from rag.evidence.fiscal import Calendar, calendar_of
from rag.evidence.forms import form_features
from rag.evidence.name_checks import only_names
from rag.evidence.own_period import OwnPeriod, dates_fit, own_period_of
from rag.evidence.periods import period_of_report
from rag.pipeline import Pipeline
from rag.questions.asides import without_asides
from rag.questions.question import parse_question
from rag.schema import AnswerStatus
from tests.pipelines import pipeline_over
from tests.rag.evidence_of import sentence

CALENDAR = Calendar(last_month=1, shift=-1, year=2023, month=1)  # fiscal 2022, fourth quarter
OWN = OwnPeriod(period_of_report(CALENDAR), CALENDAR)


def _dates(text: str) -> tuple[Quantity, ...]:
    return tuple(q for q in parse_quantities(text) if q.kind is QuantityKind.DATE)


@pytest.mark.parametrize(
    ("asked", "text", "fits"),
    [
        ("in FY2022", "The rise was due to 47 new stores since January 29, 2022.", None),
        ("in FY2022", "Sales rose to $3.2 billion compared to $2.7 billion in fiscal 2021.", None),
        ("in FY2022", "The notes are due 2027.", None),
        ("in FY2022", "On March 9, 2023 the board approved a plan.", None),
        ("in FY2022", "In fiscal 2021 sales fell.", False),
        ("2022财年", "公司于2021年关闭了工厂。", False),
        ("in FY2021", "In fiscal 2021 sales fell.", True),
        ("in Q4 of fiscal 2022", "the 13 weeks ended January 28, 2023", True),
        ("in Q3 of fiscal 2022", "the 13 weeks ended January 28, 2023", False),
        ("in FY2021", "The rise was due to new stores since January 29, 2022.", True),
        ("in FY2020", "The rise was due to new stores since January 29, 2022.", False),
    ],
)
def test_dates_of_events_and_comparisons_tell_no_period(
    asked: str, text: str, fits: bool | None
) -> None:
    assert dates_fit(asked, _dates(asked), text, _dates(text), OWN) is fits


def test_a_release_is_of_the_period_that_ended_before_it() -> None:
    text = (
        "March 9, 2023\n\n# Norvik Beauty Announces Fourth Quarter Fiscal 2022 Results\n\n"
        "OSLO -- Norvik Beauty, Inc. (NASDAQ: NRVK) today announced results for the period ended "
        "January 28, 2023, after that ended January 29, 2022. At January 28, 2023 it had 9 stores.\n"
    )
    document = read_document(text.encode(), "release.md")
    assert calendar_of(document) == CALENDAR
    undated = replace(document, metadata=replace(document.metadata, date=""))
    assert calendar_of(undated) is None


def test_a_current_report_is_of_its_day_and_has_no_calendar() -> None:
    cover = (
        "# FORM 8-K\n\nDate of Report: July 1, 2022\n\n# HALDEN PLC\n\n"
        "(Exact name of registrant as specified in its charter)\n\nIt closed the sale.\n"
    )
    document = read_document(cover.encode(), "8k.md")
    assert calendar_of(document) is None
    own = own_period_of(document, None)
    assert own is not None
    asked = "in the 8-K of July 1, 2022"
    event = "The award vests on January 31, 2027."
    assert dates_fit(asked, _dates(asked), event, _dates(event), own) is None


@pytest.mark.parametrize(
    ("asked", "said", "missing"),
    [("51%", "50.97%", 0.0), ("51%", "51.8%", 1.0), ("50.9%", "50.97%", 1.0), ("16", "16.3", 1.0)],
)
def test_a_share_may_be_asked_for_rounded(asked: str, said: str, missing: float) -> None:
    question = parse_question(f"Why did the costs rise by {asked}?")
    evidence = sentence(f"The costs rose by {said} because of new stores.")
    assert form_features(question, evidence)["figure_missing"] == missing


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        (
            "Based on the information in the income statement only, what was net income?",
            "what was net income?",
        ),
        ("What was net income (in USD millions)?", "What was net income?"),
        ("Is margin a sign of health? If it is not useful, say so.", "Is margin a sign of health?"),
        ("仅根据资产负债表中的信息，总资产是多少？请以百万美元为单位作答。", "总资产是多少？"),
        ("According to Soochow, what is AIGC?", "According to Soochow, what is AIGC?"),
        ("Based on FY2022 data, what is due?", "Based on FY2022 data, what is due?"),
        ("根据2021年的数据，营收是多少？", "根据2021年的数据，营收是多少？"),
        (
            "What was revenue in 2021? If it grew in 2022, state by how much.",
            "What was revenue in 2021? If it grew in 2022, state by how much.",
        ),
    ],
)
def test_how_to_answer_is_no_part_of_what_is_asked(question: str, rest: str) -> None:
    assert without_asides(question) == rest


FORM = """
# FORM {form}

For the {words} ended {date}

# KESTREL GLASS INC.

(Exact name of registrant as specified in its charter)

## Executive officers

{officer} Senior Vice President and Chief Technology Officer

{officer} joined Kestrel Glass in 2013 as a research scientist.

## Patents

The Life Sciences segment of the company held {patents} patents in the U.S.
"""


@pytest.fixture(scope="module")
def filings(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    """A pipeline over two filings of a company."""
    filings = {
        "annual.md": ("10-K", "fiscal year", "December 31, 2022", "Jaymin Holt", "152"),
        "quarter.md": ("10-Q", "quarterly period", "March 31, 2023", "Priya Lund", "167"),
    }
    keys = ("form", "words", "date", "officer", "patents")
    texts = {
        name: FORM.format(**dict(zip(keys, values, strict=True)))
        for name, values in filings.items()
    }
    return pipeline_over(tmp_path_factory, texts)


@pytest.mark.parametrize(
    ("question", "documents"),
    [
        ("Who is chief technology officer in Kestrel Glass's FY2022 10-K?", ("annual",)),
        ("How many patents does the segment of Kestrel Glass hold per the 10-Q?", ("quarter",)),
        ("In the patents note of Kestrel Glass's 10-K, what is held?", ("annual",)),
        ("What does the 10-K of Halden say?", None),
    ],
)
def test_a_filing_is_known_by_its_form_and_its_company(
    filings: Pipeline, question: str, documents: tuple[str, ...] | None
) -> None:
    assert filings.titles.named(question, ())[1] == documents


def test_the_year_of_a_filing_excludes_no_sentence_of_it(filings: Pipeline) -> None:
    reply = filings.answer("Who is the chief technology officer in Kestrel Glass's FY2022 10-K?")
    assert reply.status is AnswerStatus.ANSWERED
    assert "Jaymin Holt" in reply.text


def test_one_word_in_common_is_little_in_a_companys_own_report() -> None:
    question = parse_question("What share of the resin Halden bought was recycled material?")
    said = sentence("Halden repurchased 41 million shares, or 3% of its shares, in fiscal 2022.")
    missing = ("resin", "bought", "recycl", "materi")
    assert only_names(question, replace(said, own=OWN), missing)
    assert not only_names(question, said, missing)
    assert not only_names(question, replace(said, own=OWN), ("resin",))
