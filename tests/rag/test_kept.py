"""What is remembered of an index goes when the index goes."""

import gc
import weakref
from pathlib import Path

from corpus.schema import Language
from index.encoder import HashEncoder
from index.search import Index
from rag.composing.dating import date_of, newest_month
from rag.evidence.reader import reader_of


def test_an_index_that_was_asked_is_let_go(index_dir: Path, encoder: HashEncoder) -> None:
    index = Index.open(index_dir, encoder)
    doc_id = index.shelf[0].doc_id
    for language in Language:
        reader_of(index, doc_id, language)
    date_of(index, doc_id)
    newest_month(index)
    assert reader_of(index, doc_id, Language.EN) is reader_of(index, doc_id, Language.EN)
    gone = weakref.ref(index)
    del index
    gc.collect()
    assert gone() is None


def test_each_index_is_remembered_by_itself(index_dir: Path, encoder: HashEncoder) -> None:
    one, other = Index.open(index_dir, encoder), Index.open(index_dir, encoder)
    doc_id = one.shelf[0].doc_id
    assert reader_of(one, doc_id, Language.EN) is not reader_of(other, doc_id, Language.EN)
