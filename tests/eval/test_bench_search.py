"""The speed benchmark of retrieval: its chunks, and that it runs."""

from eval.bench_search import CHUNK_CHARS, main, make_chunks, time_each
from eval.retrieval import RetrievalSet

SETS = (
    RetrievalSet("zh", ("路德生于艾斯莱本。他写了论纲。",), ("路德是谁？",), (0,)),
    RetrievalSet("en", ("Luther was born in Eisleben. He wrote theses.",), ("Who is he?",), (0,)),
)


def test_chunks_are_long_enough_of_one_set_each_and_drawn_alike():
    chunks = make_chunks(SETS, 12)
    assert len(chunks) == 12
    assert all(len(chunk) >= CHUNK_CHARS for chunk in chunks)
    assert not any("路" in chunk and "Luther" in chunk for chunk in chunks)
    assert chunks == make_chunks(SETS, 12)


def test_times_are_a_median_and_a_higher_quantile():
    asked = []
    median, high = time_each(asked.append, [str(number) for number in range(20)])
    assert 0 <= median <= high
    assert len(asked) == 30  # ten before the clock runs


def test_command_prints_every_part(tmp_path, capsys):
    path = tmp_path / "set.tsv"
    path.write_text("Who is Luther?\t路德生于艾斯莱本。他写了论纲。\n", encoding="utf-8")
    assert main([str(path), "--chunks", "8"]) == 0
    printed = capsys.readouterr().out
    assert "8 chunks" in printed
    assert all(part in printed for part in ("terms as they are", "dense", "all, fused", "texts of"))
