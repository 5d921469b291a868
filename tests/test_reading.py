"""Files as tables: formats, encodings, chats, and what could not be read, counted."""

from __future__ import annotations

import bz2
import contextlib
import gzip
import json
import lzma
import pickle
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import feather
from sheets import workbook
from torture import only_full, times, torture

import elute
from elute.corpus import Corpus
from elute.errors import InputError
from elute.reading import guess, lines_of, read
from elute.reading.content import decoded

CSV = "text,label\nthe cat sat,pets\nstocks fell,money\n"
CHAT = [
    {"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "hello"}], "id": "a"},
    {"messages": [], "id": "b"},
]


LARGE = 2**53 + 1
"""No float is this number."""


def a_folder(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    return path


def write(path: Path, content: str | bytes) -> Path:
    a_folder(path.parent)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def jsonl(records: list[Any]) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


def told(table: pd.DataFrame) -> dict[str, list[Any]]:
    """Its columns, None for everything that means "missing"."""
    return {str(name): [None if pd.isna(value) else value for value in table[name].tolist()] for name in table.columns}


# -- formats -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, None])
def test_a_csv_packed_or_not(tmp_path: Path, pack: Any) -> None:
    ending = {gzip.compress: ".gz", bz2.compress: ".bz2", lzma.compress: ".xz", None: ""}[pack]
    made = read(write(tmp_path / f"few.CSV{ending}", CSV.encode() if pack is None else pack(CSV.encode())))
    assert made.table.to_dict("list") == {"text": ["the cat sat", "stocks fell"], "label": ["pets", "money"]} and not made.notes


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_separator_is_found(tmp_path: Path, mark: str) -> None:
    made = read(write(tmp_path / "few.csv", f'text{mark}"a{mark},;b"{mark}n\n"one, two; three"{mark}x{mark}7\n'))
    assert made.table.iloc[0].tolist() == ["one, two; three", "x", 7]


def test_words_and_numbers_are_left_as_they_are_written(tmp_path: Path) -> None:
    """``null`` is a word, ``007`` a name, and twenty digits are not rounded."""
    made = read(
        write(tmp_path / "few.csv", "text,a,b,c,d\nnull,007,1,1.5,12345678901234567890\nNA,010,-2,,12345678901234567891\n")
    ).table
    assert made["text"].tolist() == ["null", "NA"] and made["a"].tolist() == ["007", "010"]
    assert made["b"].tolist() == [1, -2] and made["b"].dtype == "int64"
    assert made["c"].iloc[0] == 1.5 and made["c"].isna().tolist() == [False, True]
    assert made["d"].tolist() == ["12345678901234567890", "12345678901234567891"]


@pytest.mark.parametrize("cells", [("1.1", "1.10"), ("1", "1.0"), ("0", "-0"), ("1e5", "2"), ("1", "unknown")])
def test_a_cell_that_a_number_would_not_be_written_as_stays_text(tmp_path: Path, cells: tuple[str, str]) -> None:
    made = read(write(tmp_path / "few.csv", "text,label\na,{}\nb,{}\n".format(*cells))).table
    assert made["label"].tolist() == list(cells)


def test_true_in_one_file_is_no_1_of_another(tmp_path: Path) -> None:
    for name, value in (("a", 1), ("b", True), ("c", 0.5)):
        write(tmp_path / "in" / f"{name}.jsonl", jsonl([{"text": "t", "label": value}]))
    assert [repr(one) for one in read(tmp_path / "in").table["label"].tolist()] == ["1", "True", "0.5"]


def test_what_a_column_holds_is_said_by_all_files_of_a_folder(tmp_path: Path) -> None:
    for name, cells in (("a", "10"), ("b", "1?")):
        write(tmp_path / "csv" / f"{name}.csv", "text,label\n" + "".join(f"t,{cell}\n" for cell in cells))
    assert read(tmp_path / "csv").table["label"].tolist() == ["1", "0", "1", "?"]
    for name, number in (("a", LARGE), ("b", 1.5), ("c", None)):
        write(tmp_path / "jsonl" / f"{name}.jsonl", jsonl([{"text": "t", "id": number}]))
        pq.write_table(pa.table({"text": ["t"], "id": pa.array([number])}), a_folder(tmp_path / "pq") / f"{name}.parquet")
    for kind in ("jsonl", "pq"):
        assert told(read(tmp_path / kind).table)["id"] == [LARGE, 1.5, None], kind


@pytest.mark.parametrize("ending", ["jsonl", "json", "parquet", "feather"])
def test_whole_numbers_stay_whole_where_one_is_missing(tmp_path: Path, ending: str) -> None:
    """As floats, two dialogs became one, and rows of the wrong one went."""
    ids = [LARGE - 1, LARGE, None]
    rows = [{"text": "t", "id": one, "in": [one]} for one in ids]
    path = tmp_path / f"few.{ending}"
    if ending in ("jsonl", "json"):
        write(path, jsonl(rows) if ending == "jsonl" else json.dumps(rows))
    else:
        (pq.write_table if ending == "parquet" else feather.write_feather)(pa.Table.from_pylist(rows), path)
    made = read(path).table
    assert told(made[["id"]])["id"] == ids and [list(one) for one in made["in"]] == [[one] for one in ids]
    corpus = Corpus.from_data(made, "text", group="id")
    assert corpus.group is not None and corpus.group.tolist() == [0, 1, -1]


def test_parquet_that_names_two_columns_alike_or_kept_an_index(tmp_path: Path) -> None:
    twice = pa.Table.from_arrays([pa.array(["a", "b"]), pa.array([LARGE, None]), pa.array([None, 1])], ["text", "n", "n"])
    pq.write_table(twice, tmp_path / "twice.parquet")
    made = read(tmp_path / "twice.parquet").table
    assert made.columns.tolist() == ["text", "n", "n"] and made.iloc[0, 1] == LARGE and made.iloc[1, 2] == 1
    pd.DataFrame({"n": pd.array([LARGE, None], "Int64"), "text": ["a", "b"]}, index=[5, 7]).to_parquet(tmp_path / "index.parquet")
    assert told(read(tmp_path / "index.parquet").table) == {"n": [LARGE, None], "text": ["a", "b"]}


@pytest.mark.parametrize("ending", ["parquet", "feather"])
def test_a_named_index_is_a_column(tmp_path: Path, ending: str) -> None:
    """As a reader without pandas sees it; rows of a question were left without its id, and texts that were the index without text."""
    path = tmp_path / f"few.{ending}"
    made = pa.Table.from_pandas(pd.DataFrame({"id": ["q7", "a1"], "n": [1, 2], "text": ["a", "b"]}).set_index(["id", "text"]))
    (pq.write_table if ending == "parquet" else feather.write_feather)(made, path)
    assert told(read(path).table) == {"n": [1, 2], "id": ["q7", "a1"], "text": ["a", "b"]}
    assert guess(read(path)).text == "text"


def test_an_index_without_a_name_is_no_column_of_chats(tmp_path: Path) -> None:
    pd.DataFrame(CHAT, index=[5, 7]).to_parquet(tmp_path / "chat.parquet")
    assert read(tmp_path / "chat.parquet").table.columns.tolist() == ["conversation", "turn", "role", "text", "id"]


def test_a_csv_of_one_column_keeps_its_blank_rows(tmp_path: Path) -> None:
    assert read(write(tmp_path / "few.csv", "text\none\n\nthree\n")).table["text"].tolist() == ["one", "", "three"]


@pytest.mark.parametrize("above", ["\n", "\r\n \n", "sep=;\n", '"sep=;"\r\n\n', "\nSEP=;\r\n"])
def test_what_stands_above_the_names_is_no_row(tmp_path: Path, above: str) -> None:
    """A blank line was taken for the names, and so was what Excel is told by."""
    made = read(write(tmp_path / "few.csv", f'{above}text;label\na;"b, c, d"\n1;2;3\n'))
    line = 3 + above.count("\n")
    assert told(made.table) == {"text": ["a"], "label": ["b, c, d"]} and f"({line})" in made.notes[0]
    assert read(write(tmp_path / "one.csv", f"{above}text\na\n\nb\n")).table["text"].tolist() == ["a", "", "b"]
    with pytest.raises(InputError, match=f"near line {line + 1}"):
        read(write(tmp_path / "open.csv", f'{above}text;label\na;b\nc;d\ne;"f\n'))


def test_lines_that_do_not_fit_are_counted_with_their_numbers(tmp_path: Path) -> None:
    made = read(write(tmp_path / "few.csv", "a,b\n1,2\n1,2,3\n4\nx,y,z\n"))
    assert len(made) == 2 and made.bad == 2
    assert made.notes == ("2 lines could not be read and are left out (3, 5): they have more than 2 values.",)


@pytest.mark.parametrize("last", ['Bye"', "Bye"])
def test_stray_quotes_of_a_tsv_swallow_no_row(tmp_path: Path, last: str) -> None:
    made = read(write(tmp_path / "few.tsv", f'label\ttext\nham\t"Ok then\nspam\tFree money\r\nham\t{last}\n\nham\tlast'))
    assert made.table["text"].tolist() == ['"Ok then', "Free money", last, "last"] and made.bad == 0
    assert "Quotes were read as part of the texts" in made.notes[0]


@pytest.mark.parametrize("content", ['text\n"a\nb"\n"c"\n', 'label\ttext\nx\t"a\nb"\ny\tc\n', '"n"\t"text"\n"x"\t"a\nb\tc"\n'])
def test_quoted_lines_of_a_tsv_are_one_value(tmp_path: Path, content: str) -> None:
    made = read(write(tmp_path / "few.tsv", content))
    assert made.table["text"].tolist()[0].startswith("a\nb") and not any("part of the texts" in note for note in made.notes)


def test_lines_of_a_csv_that_may_have_been_swallowed_are_named(tmp_path: Path) -> None:
    made = read(
        write(tmp_path / "few.csv", 'label,text\nham,"a ""b"", c\nd"\nham,"Ok then\nspam,Free money\nham,Bye"\nham,"last"\n')
    )
    assert len(made) == 3 and len(made.notes) == 1
    assert made.notes[0].startswith("1 quoted value goes over lines that look like rows of their own (from line 4): if rows are")
    assert read(write(tmp_path / "fine.csv", 'label,text\nham,"so\nit, is, fine"\n')).notes == ()


def test_text_files_are_a_text_a_line_and_in_a_folder_a_text_a_file(tmp_path: Path) -> None:
    assert read(write(tmp_path / "few.txt", "one\u2028still\r\n\ntwo\n")).table["text"].tolist() == ["one\u2028still", "", "two"]
    folder = tmp_path / "many"
    folder.mkdir()
    for name in ("b.txt", "a.txt", ".hidden.txt"):
        write(folder / name, f"text of\n{name}")
    assert read(folder).table.to_dict("list") == {"file": ["a.txt", "b.txt"], "text": ["text of\na.txt", "text of\nb.txt"]}


def test_jsonl_counts_lines_that_are_no_record(tmp_path: Path) -> None:
    path = write(
        tmp_path / "few.jsonl", '{"text": "one"}\n\n{"text": \n[1]\n"two"\n' + "[" * 100_000 + "\n" + '{"text": "\\ud800"}'
    )
    made = read(path)
    assert made.table["text"].tolist() == ["one", "two", "\ud800"] and made.bad == 3
    assert "3, 4, 6" in made.notes[0] and list(lines_of(made)) == [b'{"text": "one"}', b'"two"', b'{"text": "\\ud800"}']


def test_json_is_a_list_of_objects_or_an_object_with_one(tmp_path: Path) -> None:
    rows = [{"text": "one"}, {"text": "two", "n": 1}]
    for made in (rows, {"data": rows, "version": 3}):
        assert read(write(tmp_path / "few.json", json.dumps(made))).table["text"].tolist() == ["one", "two"]
    with pytest.raises(InputError, match="call it .jsonl"):
        read(write(tmp_path / "few.json", jsonl(rows)))
    with pytest.raises(InputError, match="no list of objects"):
        read(write(tmp_path / "few.json", '{"text": "one"}'))


def test_parquet_and_arrow_with_chats_too(tmp_path: Path) -> None:
    table = pd.DataFrame({"text": ["one", None], "n": [1, 2]})
    table.to_parquet(tmp_path / "few.parquet")
    table.to_feather(tmp_path / "few.feather")
    for name in ("few.parquet", "few.feather"):
        assert read(tmp_path / name).table["n"].tolist() == [1, 2]
    pd.DataFrame(CHAT).to_parquet(tmp_path / "chat.parquet")
    assert told(read(tmp_path / "chat.parquet").table)["text"] == ["hi", "hello", None]


def test_a_workbook_and_its_other_sheets(tmp_path: Path) -> None:
    rows: list[list[str | float]] = [["text", "n"], ["Grüße & <b>", 3], ["null", 4.5]]
    write(tmp_path / "few.xlsx", workbook({"first": rows, "second": [["other"], ["x"]]}))
    made = read(tmp_path / "few.xlsx")
    assert made.table["text"].tolist() == ["Grüße & <b>", "null"] and made.table["n"].tolist() == [3, 4.5]
    assert made.notes == ("Sheet 'first' was read, 1 other not: say --sheet for another.",)
    assert read(tmp_path / "few.xlsx", sheet="second").table["other"].tolist() == ["x"]
    with pytest.raises(InputError, match="no sheet 'third'; it has first, second"):
        read(tmp_path / "few.xlsx", sheet="third")


def test_text_cells_of_a_workbook_stay_text(tmp_path: Path) -> None:
    rows: list[list[str | float]] = [
        ["text", "zip", "answer"],
        ["1", "01234", "True"],
        ["1e5", "00501", "False"],
        ["7" * 20, "", ""],
    ]
    made = read(write(tmp_path / "few.xlsx", workbook({"first": rows}))).table
    assert made.to_dict("list") == {
        "text": ["1", "1e5", "7" * 20], "zip": ["01234", "00501", ""], "answer": ["True", "False", ""],
    }  # fmt: skip
    assert (Corpus.from_data(made, "text").state == 0).all()


def test_number_cells_of_a_workbook_are_numbers(tmp_path: Path) -> None:
    rows: list[list[str | float]] = [
        ["whole", "gap", "half", "large", "stored", "mixed", "blank"],
        [1, 3, 1.5, 1e300, 5, 5, ""],
        [2, "", "", 2, "6", "n/a", ""],
    ]
    made = read(write(tmp_path / "few.xlsx", workbook({"first": rows}))).table
    assert made.dtypes.map(str).tolist()[:5] == ["int64", "Int64", "float64", "float64", "int64"]
    assert told(made) == {
        "whole": [1, 2], "gap": [3, None], "half": [1.5, None], "large": [1e300, 2], "stored": [5, 6], "mixed": [5, "n/a"],
        "blank": ["", ""],
    }  # fmt: skip


def test_an_entity_of_a_workbook_is_not_expanded(tmp_path: Path) -> None:
    """A billion laughs, and a file of the machine: neither is read."""
    (tmp_path / "secret").write_text("zq-secret")
    bomb = (
        f'<!DOCTYPE x [<!ENTITY a "lollollol"><!ENTITY b "{"&a;" * 50}"><!ENTITY c "{"&b;" * 50}"><!ENTITY d "{"&c;" * 50}">'
        f'<!ENTITY s SYSTEM "file://{tmp_path}/secret">]>'
    )
    content = workbook({"first": [["text"], ["@bomb@"]]}, prologue=bomb).replace(b"@bomb@", b"&d;&s;")
    path = write(tmp_path / "few.xlsx", content)
    try:
        found = read(path).table.to_string()
    except InputError as error:
        found = str(error)
    assert len(found) < 10_000 and "zq-secret" not in found and "lollol" not in found


# -- chats ---------------------------------------------------------------------------------------------------------------------


def test_chats_become_one_row_a_message(tmp_path: Path) -> None:
    made = read(write(tmp_path / "chat.jsonl", jsonl(CHAT)))
    assert made.chats and told(made.table) == {
        "conversation": [0, 0, 1], "turn": [0, 1, 0], "role": ["user", "assistant", None],
        "text": ["hi", "hello", None], "id": ["a", "a", "b"],
    }  # fmt: skip
    assert guess(made).how == {"text": "text", "group": "conversation"}


def test_other_forms_of_chats(tmp_path: Path) -> None:
    parts = [{"type": "text", "text": "look"}, {"type": "image_url", "image_url": {"url": "x"}}, {"type": "text", "text": "here"}]
    forms = [
        {"conversations": [{"from": "human", "value": "hi"}, {"from": "gpt", "value": "hello"}]},
        {"conversations": [{"from": "human", "value": parts}, "odd"]},
        {"conversations": None, "text": "no chat"},
    ]
    made = told(read(write(tmp_path / "chat.jsonl", jsonl(forms))).table)
    assert made["text"] == ["hi", "hello", "look\nhere", "odd", None]
    assert made["conversation"] == [0, 0, 1, 1, 2] and made["role"][:2] == ["human", "gpt"]


def test_a_folder_numbers_its_conversations_on(tmp_path: Path) -> None:
    for name in ("a.jsonl", "b.jsonl"):
        write(tmp_path / name, jsonl(CHAT))
    made = read(tmp_path)
    assert made.files == 2 and made.table["conversation"].tolist() == [0, 0, 1, 2, 2, 3]
    assert list(lines_of(made)) == [json.dumps(record).encode() for record in CHAT] * 2


# -- encodings -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
def test_no_letter_is_lost(tmp_path: Path, encoding: str) -> None:
    text = "text\nGrüße, naïve café\n" if encoding != "latin-1" else "text\nGrüße\x81, naïve café\n"
    made = read(write(tmp_path / "few.csv", text.replace(",", " ").encode(encoding)))
    assert made.table["text"].tolist() == [text.replace(",", " ").split("\n")[1]]
    guessed = {"cp1252": "Windows-1252", "latin-1": "Latin-1"}.get(encoding, "")
    assert (guessed in made.notes[0] and "line 2" in made.notes[0]) if guessed else not made.notes


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_one_damaged_byte_costs_one_letter(tmp_path: Path, mark: bytes) -> None:
    rows = ['{"text": "Grüße aus Köln"}'.encode(), b'{"text": "cut \xc3"}', '{"text": "\ufffd"}'.encode()]
    made = read(write(tmp_path / "few.jsonl", mark + b"\r\n".join(rows)))
    assert made.table["text"].tolist() == ["Grüße aus Köln", "cut \ufffd", "\ufffd"] and made.bad == 0
    said = "few.jsonl is UTF-8, but 1 line (2) holds bytes that are none: they stand as \ufffd. Mend them, or look at these rows."
    assert made.notes == (said,) and list(lines_of(made)) == rows
    with pytest.raises(InputError, match=r"few.jsonl holds bytes that are no UTF-8 \(1 line \(2\)\)"):
        decoded(mark + b"\n".join(rows), "few.jsonl", strict=True)


def test_lines_are_as_they_were_and_in_one_encoding(tmp_path: Path) -> None:
    line = '{"text": "Grüße"}'
    for encoding in ("cp1252", "utf-16", "utf-8-sig"):
        write(tmp_path / f"{encoding}.jsonl", line.encode(encoding))
    as_it_was = {name: [*lines_of(read(tmp_path / f"{name}.jsonl"))] for name in ("cp1252", "utf-16", "utf-8-sig")}
    assert as_it_was == {"cp1252": [line.encode("cp1252")], "utf-16": [line.encode()], "utf-8-sig": [line.encode()]}
    assert [*lines_of(read(tmp_path))] == [line.encode()] * 3


@pytest.mark.parametrize("new", ['{"text": "new"}\n{"text": "one"}\n{"text": "two"}\n', '{"text": "two"}\n{"text": "one"}\n'])
def test_lines_of_a_file_that_was_rewritten_are_no_rows_of_it(tmp_path: Path, new: str) -> None:
    path = write(tmp_path / "few.jsonl", jsonl([{"text": "one"}, {"text": "two"}]))
    made = read(path)
    write(path, new)
    with pytest.raises(InputError, match="few.jsonl has changed since it was read"):
        list(lines_of(made))


# -- what is no table ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("few.csv", b"", "empty"),
        ("few.csv", b'a,b\n1,"x\n2,y\n', "a quote that opens near line 2"),
        ("few.csv", b"a,b\n1,2,3\n4,5,6\n", "Name every column"),
        ("few.csv", b"\xff\x00\x81" * 3000, "no text that can be read"),
        ("few.csv.gz", b"no gzip", "damaged"),
        ("few.csv.gz", gzip.compress(CSV.encode(), mtime=0)[:-9], "damaged"),
        ("few.csv.xz", b"no xz", "damaged"),
        ("few.jsonl", b"", "holds no record"),
        ("few.jsonl", b"not json\n", "1 line could not be read"),
        ("few.json", b"[" * 100_000, "nested too deep"),
        ("few.parquet", b"PAR1", "no whole Parquet file"),
        ("few.arrow", b"", "no whole Arrow file"),
        ("few.xlsx", b"PK", "no workbook"),
        ("few.docx", b"x", "the ending tells no format"),
        ("few", b"x", "the ending tells no format"),
    ],
)
def test_one_sentence_says_what_is_wrong(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    with pytest.raises(InputError, match=says) as caught:
        read(write(tmp_path / name, content))
    assert str(caught.value).count("\n") == 0 and len(str(caught.value)) < 300


class Bomb:
    """Sets a flag where it is unpickled."""

    went_off: list[int] = []

    def __reduce__(self) -> Any:
        return Bomb.went_off.append, (1,)


@pytest.mark.parametrize("ending", [".csv", ".jsonl", ".json", ".parquet", ".arrow", ".xlsx", ".xls", ".ods", ".csv.gz", ".txt"])
def test_a_pickle_under_any_name_is_text_or_refused(tmp_path: Path, ending: str) -> None:
    for raw in (pickle.dumps(Bomb()), b"PK\x03\x04" + pickle.dumps(Bomb()), b"PAR1" + pickle.dumps(Bomb()) + b"PAR1"):
        with contextlib.suppress(InputError):
            read(write(tmp_path / f"few{ending}", raw))
    assert Bomb.went_off == []


@torture
@only_full
def test_a_row_of_50_mb_and_ten_thousand_files(tmp_path: Path) -> None:
    long = "x" * 50_000_000
    for name, content in (("few.csv", f"text,n\n{long},1\nshort,2\n"), ("few.jsonl", jsonl([{"text": long}, {"text": "short"}]))):
        assert read(write(tmp_path / name, content)).table["text"].str.len().tolist() == [50_000_000, 5]
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(10_000):
        write(folder / f"{number:05}.jsonl", jsonl([{"text": f"text {number}"}]))
    made = read(folder)
    assert made.files == 10_000 and made.table["text"].iloc[-1] == "text 9999"


def test_no_file_no_folder_and_no_rights(tmp_path: Path) -> None:
    for name in ("away.csv", "away", "away/few.csv"):
        with pytest.raises(InputError, match="There is no file"):
            read(tmp_path / name)
    with pytest.raises(InputError, match="There is no file in"):
        read(tmp_path)


def test_a_link_out_of_a_folder_is_not_followed(tmp_path: Path) -> None:
    write(tmp_path / "secret.csv", "text\nsecret\n")
    folder = tmp_path / "in"
    folder.mkdir()
    write(folder / "few.csv", CSV)
    (folder / "zz.csv").symlink_to(tmp_path / "secret.csv")
    made = read(folder)
    assert "secret" not in made.table["text"].tolist()
    assert made.notes == (
        "1 link that leads out of the folder was not followed: zz.csv. Give it by itself, or copy into the folder what is meant.",
    )
    (folder / "few.csv").unlink()
    with pytest.raises(InputError, match=r"no file in .* that elute reads.* 1 link that leads out of the folder .*: zz.csv"):
        read(folder)


@pytest.mark.parametrize("also", [["README.md"], ["README.md", "LICENSE.txt", "report.md"]])
def test_what_is_said_about_data_is_no_data(tmp_path: Path, also: list[str]) -> None:
    """A README took the place of the table beside it, and was all of one row."""
    for name in also:
        write(tmp_path / name, "# My data\nsome words\n")
    made = read(write(tmp_path / "train.csv", CSV).parent)
    assert made.table["text"].tolist() == ["the cat sat", "stocks fell"]
    count = "1 other file of the folder was" if len(also) == 1 else "3 other files of the folder were"
    assert made.notes == (f"{count} not read: {', '.join(sorted(also))}.",)


def test_folders_within_a_folder_are_named_and_not_read(tmp_path: Path) -> None:
    for name in ("2023/x.csv", "2024/deep/y.csv.gz", "_work/z.csv", ".hid/z.csv", "images/a.png"):
        write(tmp_path / name, gzip.compress(CSV.encode()) if name.endswith("gz") else CSV)
    with pytest.raises(
        InputError, match="no file in .* that elute reads.* 2 folders within it were not read: 2023, 2024. Read each"
    ):
        read(tmp_path)
    made = read(write(tmp_path / "base.csv", CSV).parent)
    assert len(made) == 2 and made.notes == ("2 folders within it were not read: 2023, 2024. Read each by itself.",)


@pytest.mark.parametrize("ending", ["jsonl", "csv", "jsonl.gz"])
def test_a_part_without_a_byte_is_no_reason_to_read_none(tmp_path: Path, ending: str) -> None:
    pack = gzip.compress if ending.endswith("gz") else bytes
    full = CSV if ending == "csv" else jsonl([{"text": "one"}, {"text": "two"}])
    for name, content in (("a", b""), ("b", full.encode()), ("c", b"\n")):
        write(tmp_path / f"{name}.{ending}", pack(content))
    made = read(tmp_path)
    assert len(made) == 2 and made.files == 1
    assert made.notes == (f"2 files of the folder are empty: a.{ending}, c.{ending}.",)
    (tmp_path / f"b.{ending}").unlink()
    with pytest.raises(InputError, match=rf"no row in .*: 2 files of the folder are empty: a.{ending}"):
        read(tmp_path)


@torture
@settings(max_examples=times(40, 5000), deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.binary(max_size=300),
    st.sampled_from([".csv", ".jsonl", ".json", ".txt", ".parquet", ".xlsx", ".csv.gz", ".tsv", ".feather", ".jsonl.xz"]),
)
def test_any_bytes_are_a_table_or_one_sentence(tmp_path_factory: pytest.TempPathFactory, raw: bytes, ending: str) -> None:
    path = write(tmp_path_factory.getbasetemp() / f"any{ending}", raw)
    try:
        assert len(read(path)) >= 0
    except InputError as error:
        assert "\n" not in str(error)


@torture
@settings(max_examples=times(40, 5000), deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), min_size=2, max_size=2), min_size=1, max_size=8
    )
)
def test_what_pandas_writes_comes_back(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]) -> None:
    table = pd.DataFrame([[f"x{value}".replace("\r", "") for value in row] for row in rows], columns=["text", "label"])
    path = tmp_path_factory.getbasetemp() / "back.csv"
    table.to_csv(path, index=False)
    assert read(path).table.to_numpy().tolist() == table.to_numpy().tolist()


# -- which column --------------------------------------------------------------------------------------------------------------


def test_columns_are_guessed_by_name_then_by_length(tmp_path: Path) -> None:
    table = "id,Utterance,intent,longer\n" + "".join(f"n{i},say {i},{'ab'[i % 2]},{'much longer ' * 3}\n" for i in range(8))
    made = read(write(tmp_path / "few.csv", table))
    assert guess(made).how == {"text": "Utterance", "label": "intent"}
    assert guess(made).note == "Read as text from 'Utterance' and labels from 'intent'; say --text and --label for other columns."
    assert guess(made, "longer", "").how == {"text": "longer"} and guess(made, "longer", "").note == ""
    assert guess(read(write(tmp_path / "few.csv", table.replace("Utterance", "said")))).text == "longer"
    with pytest.raises(InputError, match="There is no column 'away'; there are id, Utterance, intent, longer"):
        guess(made, "away")
    with pytest.raises(InputError, match="No column holds text"):
        guess(read(write(tmp_path / "few.csv", "a,b\n1,2\n")))


def test_a_column_of_distinct_labels_is_no_label(tmp_path: Path) -> None:
    made = read(write(tmp_path / "few.csv", "text,label\n" + "".join(f"t{i},l{i}\n" for i in range(9))))
    assert guess(made).label is None


def test_lists_are_no_label(tmp_path: Path) -> None:
    table = pd.DataFrame({"text": ["a b", "b c", "c d"], "labels": [[1, 2], [3], []]})
    table.to_parquet(tmp_path / "few.parquet")
    write(tmp_path / "few.jsonl", table.to_json(orient="records", lines=True))
    for name in ("few.parquet", "few.jsonl"):
        assert guess(read(tmp_path / name)).label is None


def test_read_is_what_elute_exports() -> None:
    assert elute.read is read


def test_the_workbook_of_these_tests_is_one() -> None:
    import io

    assert zipfile.ZipFile(io.BytesIO(workbook({"first": [["text"]]}))).testzip() is None
