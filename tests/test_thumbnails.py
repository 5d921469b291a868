"""Images of rows: small, raster, from this machine, told when asked, and nowhere else."""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import elute
from elute.errors import InputError
from elute.widget import raster
from elute.widget.handlers import Handlers
from elute.widget.raster import SIDE, SMALL, kind_of, thumbnail
from elute.widget.rounds import Rounds
from elute.widget.wire import Refused

Image = pytest.importorskip("PIL.Image")


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), mode: str = "RGB", noise: bool = False) -> bytes:
    out = io.BytesIO()
    made = (
        Image.fromarray(np.random.default_rng(0).integers(0, 256, (size[1], size[0], 3), np.uint8))
        if noise
        else Image.new(mode, size, 9)
    )
    made.save(out, kind)
    return out.getvalue()


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """No Pillow here."""
    monkeypatch.setattr(raster, "find_spec", lambda name: None)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_cell_may_hold_bytes_a_path_a_data_url_or_what_a_dataset_has(kind: str, tmp_path: Path) -> None:
    data = picture(kind)
    (tmp_path / "a.bin").write_bytes(data)
    url = f"data:image/{kind.lower()};base64,{base64.b64encode(data).decode()}"
    cells = [
        data,
        bytearray(data),
        memoryview(data),
        str(tmp_path / "a.bin"),
        tmp_path / "a.bin",
        url,
        {"bytes": data, "path": None},
    ]
    assert {thumbnail(cell) for cell in cells} == {data}
    decoded = thumbnail(Image.open(io.BytesIO(data)))
    assert kind_of(decoded) == "JPEG"


@pytest.mark.parametrize(
    "cell",
    [
        None, "", 3, 2.5, float("nan"), {}, [], b"", b"\x89PNG", b"GIF89a", b"<html>", b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        "no/such/file.png", "https://example.org/a.png", "file:///etc/hostname", "//server/share/a.png", "\\\\server\\share\\a.png",
        "a\0b.png", "x" * 9000, "/dev/zero", {"path": "http://x/a.png"}, "data:image/svg+xml;base64,PHN2Zy8+",
        "data:text/html;base64,PGI+", "data:image/png;base64,!!", "data:image/png;base64,PHN2Zy8+",
    ],
)  # fmt: skip
def test_all_else_is_no_image(cell: Any) -> None:
    assert thumbnail(cell) == b""


def test_a_file_that_only_bears_the_name_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "key.png").write_text("a secret")
    assert thumbnail(str(tmp_path / "key.png")) == b""


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_large_images_are_shrunk_and_lose_what_a_camera_wrote(kind: str) -> None:
    small = thumbnail(picture(kind, (1600, 900), noise=True))
    assert 0 < len(small) <= SMALL
    assert max(Image.open(io.BytesIO(small)).size) == SIDE
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    Image.new("RGB", (900, 900)).save(out, "JPEG", exif=exif)
    assert b"taken at home" in out.getvalue() and b"taken at home" not in thumbnail(out.getvalue())


def test_what_shows_through_stays_so() -> None:
    assert Image.open(io.BytesIO(thumbnail(picture(size=(400, 400), mode="RGBA")))).mode == "RGBA"


@pytest.mark.usefixtures("bare")
def test_without_pillow_small_ones_go_as_they_are_and_large_ones_do_not_go() -> None:
    small, large = picture(), picture(size=(400, 400), noise=True)
    assert thumbnail(small) == small and len(large) > SMALL and thumbnail(large) == b""


@pytest.mark.parametrize("pillow", [True, False])
def test_a_few_bytes_that_claim_to_be_many_pixels_do_not_go(pillow: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not pillow:
        monkeypatch.setattr(raster, "find_spec", lambda name: None)
    data = bytearray(picture())
    data[16:24] = (60_000).to_bytes(4) * 2
    assert thumbnail(bytes(data)) == b""


def test_a_damaged_image_is_none_and_raises_nothing() -> None:
    whole = picture("JPEG", (600, 600), noise=True)
    rng = np.random.default_rng(1)
    for _ in range(40):
        hurt = bytearray(whole[: int(rng.integers(4, len(whole)))])
        for at in rng.integers(3, len(hurt), 5):
            hurt[at] = int(rng.integers(256))
        assert len(thumbnail(bytes(hurt))) <= SMALL


SECRET = "ximgsecret"


@pytest.fixture
def session(tmp_path: Path) -> elute.Session:
    (tmp_path / SECRET).mkdir()
    paths = []
    for row in range(12):
        path = tmp_path / SECRET / f"{row}.png"
        path.write_bytes(picture(size=(20 + row, 20)))
        paths.append(str(path))
    paths[3] = "https://example.org/a.png"
    table = pd.DataFrame({"text": [f"thing {row % 3} number {row}" for row in range(12)], "photo": paths})
    return elute.Session(table, text="text", image="photo", embedder="tfidf", projector="pca", path=tmp_path / "journal")


def handlers(session: elute.Session) -> Handlers:
    return Handlers(Rounds(session, lambda *parts: None, lambda status: None))


def test_rows_get_their_own_images_in_the_order_they_are_asked_for(session: elute.Session) -> None:
    told, data = handlers(session).thumbnails({"rows": [7, 3, 0, 7]}, b"")
    sizes = told["sizes"]
    assert sizes[1] == 0 and sizes[0] == sizes[3] and data is not None and sum(sizes) == len(data)
    assert [Image.open(io.BytesIO(part)).width for part in (data[: sizes[0]], data[sizes[0] : sizes[0] + sizes[2]])] == [27, 20]


def test_a_question_that_can_not_be_answered_is_refused(session: elute.Session) -> None:
    ask = handlers(session).thumbnails
    for rows in ([12], [-1], list(range(12)) * 5):
        with pytest.raises(Refused):
            ask({"rows": rows}, b"")
    session.image = None
    with pytest.raises(Refused, match="image="):
        ask({"rows": [0]}, b"")


def test_the_largest_answer_fits_a_message() -> None:
    from elute.widget.protocol import MESSAGE_LIMIT
    from elute.widget.thumbnails import MOST

    assert MOST * SMALL * 4 / 3 < MESSAGE_LIMIT + 100_000


def test_a_column_that_is_not_there_is_said() -> None:
    with pytest.raises(InputError, match="no column 'foto'"):
        elute.Session(pd.DataFrame({"text": ["a", "b"]}), text="text", image="foto")


def test_rows_of_a_reference_table_have_theirs(tmp_path: Path) -> None:
    mine = pd.DataFrame({"text": ["a b", "c d"], "photo": [picture(size=(21, 9)), None]})
    beside = pd.DataFrame({"text": ["e f"], "photo": [picture(size=(33, 9))]})
    session = elute.Session(mine, text="text", image="photo", reference=beside, embedder="tfidf", path=tmp_path)
    told, data = handlers(session).thumbnails({"rows": [2, 1]}, b"")
    assert told["sizes"][1] == 0 and data is not None and Image.open(io.BytesIO(data)).width == 33


def test_images_and_their_paths_are_in_no_trait_journal_or_export(
    session: elute.Session, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    widget = elute.Widget(session)
    widget.start()
    assert widget.wait(60)
    sent: list[Any] = []
    widget.send = lambda message, buffers=None: sent.append(message)  # type: ignore[method-assign]
    widget._handle_custom_msg({"id": "1", "name": "thumbnails", "params": {"rows": [0, 3]}}, [])
    assert sent[0]["ok"] and SECRET not in json.dumps(sent)
    session.drop([0, 1], reason="looked at")
    widget.export(tmp_path / "page.html")
    traits = json.dumps({name: value for name, value in widget.get_state().items() if name not in ("_esm", "_css")}, default=str)
    written = [path.read_bytes() for path in (tmp_path / "journal").rglob("*") if path.is_file()]
    assert written and not any(
        SECRET.encode() in part for part in [*written, (tmp_path / "page.html").read_bytes(), traits.encode()]
    )
    assert SECRET not in caplog.text
    widget.close()
