"""What a company announces: results told to the press, current reports, forms without a table of tickers."""

import pytest

from corpus.loaders import read_document
from corpus.reading.pdf.titles import with_pdf_title
from corpus.schema import Metadata, Security

BODY = "Sales rose in every region and the company opened new stores in Ohio and in Kent."


def read(*lines: str) -> Metadata:
    return read_document("\n\n".join(lines).encode(), "release.md").metadata


def test_results_told_to_the_press_are_the_companys() -> None:
    found = read(
        "March 9, 2023",
        "# Norvik Beauty Announces Fourth Quarter Fiscal 2022 Results",
        "OSLO--(BUSINESS WIRE)-- Norvik Beauty, Inc. (NASDAQ: NRVK) today announced results.",
        BODY,
    )
    assert found.issuer == "Norvik Beauty, Inc."
    assert found.title == "Norvik Beauty Announces Fourth Quarter Fiscal 2022 Results"
    assert found.date == "2023-03-09"
    assert found.securities == (Security("Norvik Beauty, Inc.", "NRVK"),)
    assert {"Norvik Beauty", "NRVK"} <= set(found.names)


def test_a_first_sentence_with_a_ticker_is_told_to_the_press() -> None:
    found = read(
        "HALDEN RESORTS INTERNATIONAL REPORTS FOURTH QUARTER RESULTS",
        "Reno, Nevada, February 8, 2023 – Halden Resorts International (NYSE: HRI) (“Halden” or the "
        "“Company”) today reported financial results for the year ended December 31, 2022.",
        BODY,
    )
    assert found.issuer == "Halden Resorts International"
    assert {"Halden", "HRI"} <= set(found.names)


def test_without_a_ticker_the_headline_names_the_company() -> None:
    found = read("# Halden reports fiscal 2023 results and an outlook for fiscal 2024", BODY)
    assert (found.issuer, found.names) == ("Halden", ("Halden",))


@pytest.mark.parametrize(
    "title", ["How companies report results", "Survey announces the winners", "AIGC行业深度报告"]
)
def test_other_headlines_announce_no_results(title: str) -> None:
    assert read(f"# {title}", BODY).names == ()


def test_a_current_report_is_of_its_day() -> None:
    found = read(
        "UNITED STATES SECURITIES AND EXCHANGE COMMISSION",
        "# FORM 8-K",
        "Date of Report (Date of earliest event reported): July 1, 2022 (June 30, 2022)",
        "# HALDEN PLC",
        "(Exact name of registrant as specified in its charter)",
        BODY,
    )
    assert found.title == "HALDEN PLC Form 8-K, July 1, 2022"
    assert found.date == "2022-07-01"


def test_a_form_without_a_ticker_keeps_its_title_whatever_is_printed_largest() -> None:
    cover = [
        "UNITED STATES SECURITIES AND EXCHANGE COMMISSION WASHINGTON, D.C. 20549 FORM 10-K",
        "For the fiscal year ended December 31, 2022",
        "# THE HALDEN COMPANY",
        "(Exact name of registrant as specified in its charter)",
        BODY,
    ]
    document = read_document("\n\n".join(cover).encode(), "form.md")
    sized = [(20.0 if "HALDEN" in cover[n] else 9.0, b) for n, b in enumerate(document.blocks)]
    found = with_pdf_title(document.metadata, sized, document.text, {}, "form.pdf")
    assert found.title == "THE HALDEN COMPANY Form 10-K for the fiscal year ended December 31, 2022"
    assert {"HALDEN COMPANY", "HALDEN"} <= set(found.names)


def test_a_company_goes_by_the_beginning_of_its_name_where_the_text_does() -> None:
    cover = ["# FORM 10-K", "# Kestrel Wholesale Corporation"]
    registrant = "(Exact name of registrant as specified in its charter)"
    called = "Kestrel's members renew. Much of Kestrel’s growth is abroad."
    assert "Kestrel" in read(*cover, registrant, called).names
    assert "Kestrel" not in read(*cover, registrant, BODY).names


def test_the_first_sentence_of_a_release_names_the_company() -> None:
    found = read(
        "# FOR IMMEDIATE RELEASE",
        "Oslo (April 18, 2023) – Norvik & Halden (NYSE: NVH) today announced results for first-quarter 2023.",
        BODY,
    )
    assert found.title == "Norvik & Halden announced results for first-quarter 2023"
    assert {"Norvik & Halden", "NVH", "N&H"} <= set(found.names)
    assert found.date == "2023-04-18"


def test_the_first_sentence_writes_a_name_in_capitals_as_it_is() -> None:
    found = read(
        "Press release. Media: press@halden.example",
        "HALDEN'S REPORTS SECOND QUARTER 2023 RESULTS",
        "OSLO - Halden's Corporation today announced results for the second quarter ended June 30, 2023.",
        BODY,
    )
    assert found.title == "HALDEN'S REPORTS SECOND QUARTER 2023 RESULTS"
    assert "Halden's" in found.names


def test_a_day_above_its_words_is_that_of_a_current_report() -> None:
    found = read(
        "# FORM 8-K",
        "January 4, 2023",
        "Date of Report (date of earliest event reported)",
        "# Halden, Inc.",
        "(Exact name of registrant as specified in its charter)",
        BODY,
    )
    assert (found.title, found.date) == ("Halden, Inc. Form 8-K, January 4, 2023", "2023-01-04")


@pytest.mark.parametrize(
    "lines",
    [
        ("Commission File Number 001-1", "# NORVIK CORPORATION", "OSLO 91-1"),
        (
            "Commission File Number 001-1",
            "(Exact name of registrant as specified in its charter)",
            "NORVIK CORPORATION",
            "(Registrant)",
        ),
    ],
)
def test_a_registrant_is_found_below_the_file_number_or_by_its_signature(
    lines: tuple[str, ...],
) -> None:
    form = ("# FORM 10-K", "For the fiscal year ended June 30, 2022")
    assert read(*form, *lines, BODY).names[0] == "NORVIK CORPORATION"


def test_a_filing_says_itself_what_it_calls_its_company() -> None:
    found = read(
        "# FORM 8-K",
        "Date of Report (Date of earliest event reported): March 1, 2023",
        "# NORVIK RESORTS INTERNATIONAL",
        "(Exact name of registrant as specified in its charter)",
        "Norvik Resorts International (NYSE: NVR) (“Norvik Resorts” or the “Company”) named a director.",
        "Norvik Bank (the “Agent”) agreed.",
    )
    assert "Norvik Resorts" in found.names
    assert not {"Company", "Agent"} & set(found.names)


def test_what_a_broker_says_of_results_is_no_release() -> None:
    note = ("Internet sector", "Halden reported results above our estimates.", BODY)
    assert read("# Third quarter preview", *note).names == ()
