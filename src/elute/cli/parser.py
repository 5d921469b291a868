"""The arguments of every command."""

from __future__ import annotations

import argparse

from elute import __version__
from elute.cli.codes import MEANING


def parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    codes = "\n".join(f"  {code:>3}  {meaning}" for code, meaning in MEANING.items())
    top = argparse.ArgumentParser(
        prog="elute", description="Purify text training data: embed, cluster, look, lasso, remove, and look again.",
        epilog=f"exit codes:\n{codes}", formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False,
    )  # fmt: skip
    top.add_argument("--version", action="version", version=f"elute {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    made = _command(commands, "open", "look at a file in JupyterLab: writes a notebook beside it and opens that")
    _table(made)
    made.add_argument(
        "--notebook",
        metavar="FILE",
        help="the notebook to write (default: beside the file); one that is there is opened as it is",
    )
    made.add_argument("--no-browser", action="store_true", help="start JupyterLab, and print its address in place of opening it")
    made.add_argument("--write-only", action="store_true", help="write the notebook and start nothing")

    made = _command(
        commands,
        "clean",
        "clean a file with no screen: rounds with the offline analyst, accepting what is named and nothing else",
    )
    _table(made)
    made.add_argument("--out", required=True, metavar="DIR", help="a new folder for mask, cleaned file, report and recipe")
    made.add_argument(
        "--accept", default="", metavar="KINDS", help="what is accepted, such as safe,copies (default: nothing; see docs/cli.md)"
    )
    made.add_argument("--rounds", type=_count, default=5, help="rounds at most (default: 5)")
    made.add_argument(
        "--confidence", type=_share, default=0.9, help="what was measured below this is left, 0 to 1 (default: 0.9)"
    )
    made.add_argument(
        "--most", type=_share, default=0.25, help="share of the rows that may go beyond what is safe (default: 0.25)"
    )
    made.add_argument("--embedder", help="tfidf, sbert, a model's name or folder (default: sbert where it is installed)")
    made.add_argument("--task", default="", help="a line that says what the set is for")
    made.add_argument("--seed", type=int, default=0)
    made.add_argument(
        "--format", choices=("parquet", "jsonl"), help="of the cleaned file (default: JSONL for JSON, Parquet for all else)"
    )
    made.add_argument("--no-texts", action="store_true", help="no text of the data in report and dropped.jsonl")

    made = _command(commands, "apply", "treat new data by a recipe")
    made.add_argument("recipe", metavar="RECIPE", help="a folder that Recipe.save or elute clean wrote")
    made.add_argument("data", nargs="+", metavar="DATA", help="files of Parquet, JSONL or CSV, folders or patterns of them")
    made.add_argument("--out", required=True, metavar="DIR", help="where the shards go")
    made.add_argument("--engine", default="local", help="local, or a Dask scheduler: dask://host:port (default: local)")
    made.add_argument("--workers", type=_count, default=2, help="processes on this machine (default: 2)")
    made.add_argument(
        "--column", action="append", default=[], metavar="NEEDED=THERE", help="a column under another name; may be repeated"
    )
    made.add_argument(
        "--vectors", metavar="COLUMN", help="a column that holds a vector for each row, so that nothing is embedded"
    )
    made.add_argument(
        "--skip-missing", action="store_true", help="leave out rules whose model or column is not there, and say which"
    )
    made.add_argument("--check", action="store_true", help="say what the recipe does and needs, and do nothing")

    made = _command(commands, "report", "a readable report of what was decided on a file")
    _table(made)
    made.add_argument("--journal", metavar="DIR", help="folder of its journal (default: elute's own)")
    made.add_argument("--embedder", help="that of its rounds (default: as the journal says, or as in open)")
    made.add_argument("--out", required=True, metavar="FILE", help="a name that ends in .html or .md")
    made.add_argument("--round", type=int, help="of that round alone")
    made.add_argument("--no-texts", action="store_true", help="no text of the data in it")

    made = _command(commands, "forget", "list what elute keeps about a file or in a folder; with --sure remove it")
    _table(made, needed=False)
    made.add_argument("--journal", metavar="DIR", help="folder of a journal")
    made.add_argument("--everything", action="store_true", help="all tables, and every vector")
    made.add_argument("--sure", action="store_true", help="remove it; decisions do not come back")

    made = _command(commands, "doctor", "what is installed, which models load, WebGL: to paste into an issue")
    made.add_argument("--quick", action="store_true", help="load no model and start no browser")
    return top


def _command(commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, does: str) -> argparse.ArgumentParser:
    made = commands.add_parser(name, help=does, description=f"{does[0].upper()}{does[1:]}.", allow_abbrev=False)
    made.add_argument("--json", action="store_true", help="one JSON object in place of lines")
    made.add_argument("--quiet", action="store_true", help="no progress")
    made.add_argument("--debug", action="store_true", help="show where an error came from; may hold texts of the data")
    return made


def _table(made: argparse.ArgumentParser, needed: bool = True) -> None:
    """A file, and which of its columns are which."""
    made.add_argument(
        "file", metavar="FILE", nargs=None if needed else "?", help="csv, xlsx, jsonl, parquet and more, or a folder of them"
    )
    made.add_argument(
        "--text", metavar="COLUMN", help="the text: a column, or a template such as '{title} {body}' (default: guessed, and said)"
    )
    made.add_argument("--label", metavar="COLUMN", help="the label (default: guessed, and said; '' for none)")
    made.add_argument("--group", metavar="COLUMN", help="which dialogue or document a row is of: groups go whole")
    made.add_argument("--sheet", metavar="NAME", help="of a workbook (default: the first)")


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("it is 1 or more")
    return number


def _share(text: str) -> float:
    number = float(text)
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError("it goes from 0 to 1")
    return number
