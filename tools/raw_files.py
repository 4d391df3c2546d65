"""Find and vet the raw files of an object: read them right, or refuse them in one sentence.

dbt calls this through a DuckDB function (tools/duckdb_plugin.py) while a staging model compiles. CSV (plain or gzip),
JSON arrays, newline JSON and Parquet are read in place by DuckDB; sheets of workbooks are written out as CSV first.
Lines that cannot be read neither stop a build nor get lost: they are listed, and end in quality.rejected_rows.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from glob import escape, glob
from hashlib import md5
from pathlib import Path

import duckdb
from python_calamine import CalamineError, CalamineWorkbook

FORMATS = {
    "csv": ("csv", "csv.gz"),
    "json": ("json", "json.gz", "ndjson", "ndjson.gz", "jsonl", "jsonl.gz"),
    "parquet": ("parquet",),
    "xlsx": ("xlsx",),
}
# More unreadable lines than these are a broken file, not slips.
MAX_UNREADABLE = 100
# Comments and JSON in a field may be long.
csv.field_size_limit(1 << 26)
BLOCK = 1 << 20
# The column of a relation that says which file a row is from.
FILE_COLUMN = "_rampline_file"
DELIMITER_NAMES = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a bar (|)"}


class RawFileError(Exception):
    """A file that cannot be read; the message is one sentence for people."""


@dataclass
class RawFiles:
    """What was found for an object. Without files and without a problem the object is not there."""

    files: list[str] = field(default_factory=list)
    # The same, but copies in place of those that cannot be read as they are.
    read_from: list[str] = field(default_factory=list)
    # By file: a checksum of each of read_from, which are what FILE_COLUMN says.
    is_by_file: bool = False
    contents: dict[str, str] = field(default_factory=dict)
    relation: str = ""
    columns: list[str] = field(default_factory=list)
    unreadable: list[dict[str, object]] = field(default_factory=list)
    problem: str = ""
    looked_for: str = ""

    def as_json(self) -> str:
        """Return all fields as JSON text."""
        return json.dumps(asdict(self))


def find_raw_files(
    folder: str,
    raw_object: str,
    patterns: list[str] | None = None,
    delimiter: str = ",",
    scratch: str = "target/sheets",
    *,
    by_file: bool = False,
) -> RawFiles:
    """Return the files of an object, vetted, with the SQL that reads them.

    folder: the system's folder. raw_object: name of the object; file names match apart from case and punctuation.
    patterns: globs (relative to folder, or absolute) that replace the usual places. delimiter: of CSV files.
    scratch: folder for the copies that have to be made, of sheets of workbooks above all, and for what was found whole.
    by_file: whether rows shall have FILE_COLUMN, and contents the checksums of the files.
    Never raises for a bad file: problem says what is wrong.
    """
    found = RawFiles(
        is_by_file=by_file,
        looked_for=f"files {', '.join(patterns)} in {folder}"
        if patterns
        else f"{folder}/{raw_object}.csv (or .csv.gz, .json, .ndjson, .parquet, .xlsx, or a folder of them)",
    )
    try:
        paths = look(Path(folder), raw_object, patterns or [])
        # The sheets of workbooks are read as CSV.
        formats = sorted({"csv" if is_workbook(path) else format_of(path) for path in paths})
        if len(formats) > 1:
            raise RawFileError(f"There are files of several kinds: {listed(paths)}. Keep one kind for an object.")
        if paths:
            read = {"csv": read_csv, "json": read_json, "parquet": read_parquet}[formats[0]]
            copies = Path(scratch)
            files = [sheet_as_csv(path, raw_object, copies, delimiter) if is_workbook(path) else path for path in paths]
            names = {str(file): str(path) for file, path in zip(files, paths, strict=True)}
            read(found, files, names, delimiter, copies)
            found.files = [str(path) for path in paths]
            if by_file:
                found.contents = {path: checksum(path, found.columns) for path in found.read_from}
    except RawFileError as error:
        found.problem = str(error)
    except OSError as error:
        found.problem = (
            f"{error.filename or folder} cannot be read ({error.strerror}). Check the name and the permissions."
        )
    return found


# ---- finding ----------------------------------------------------------------


def key_of(name: str) -> str:
    """Return what is left of a name when case and punctuation do not count."""
    return re.sub("[^a-z0-9]", "", name.lower())


def format_of(path: Path) -> str:
    """Return csv, json, parquet or xlsx by the file's ending; '' for any other."""
    name = path.name.lower()
    for kind, endings in FORMATS.items():
        if name.endswith(tuple(f".{ending}" for ending in endings)):
            return kind
    return ""


def is_workbook(path: Path) -> bool:
    """Whether a file is a workbook by its ending."""
    return format_of(path) == "xlsx"


def stem_of(path: Path) -> str:
    """Return the name without its ending (two for .csv.gz)."""
    return re.sub(r"\.(gz)$", "", path.name, flags=re.IGNORECASE).rsplit(".", 1)[0]


def listed(paths: list[Path]) -> str:
    """Return the first ten paths as text."""
    names = [str(path) for path in paths]
    return ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")


def look(folder: Path, raw_object: str, patterns: list[str]) -> list[Path]:
    """Return the files of an object in order of their names. Raises OSError for a folder that cannot be read."""
    if patterns:
        paths = {
            Path(path)
            for pattern in patterns
            for path in glob(
                pattern if Path(pattern).is_absolute() else f"{escape(str(folder))}/{pattern}", recursive=True
            )
        }
        unknown = sorted(path for path in paths if path.is_file() and not format_of(path))
        if unknown:
            raise RawFileError(
                f"{listed(unknown)} is of no kind that can be read: csv, json, ndjson (or .gz of these), parquet and "
                "xlsx can."
            )
        return sorted(path for path in paths if path.is_file())
    if not folder.exists():
        return []
    if not folder.is_dir():
        raise RawFileError(f"{folder} is a file. Make it a folder with one file per object.")
    wanted = key_of(raw_object)
    paths = []
    for path in sorted(folder.iterdir()):
        if path.is_dir() and key_of(path.name) == wanted:
            paths += [inner for inner in sorted(path.iterdir()) if inner.is_file() and format_of(inner)]
        elif path.is_dir() and format_of(path) and key_of(stem_of(path)) == wanted:
            raise RawFileError(f"{path} is a folder. Rename the folder to {raw_object}, or put a file in its place.")
        # Excel keeps a lock file beside a workbook that is open.
        elif (
            path.is_file()
            and format_of(path)
            and not path.name.startswith("~$")
            and (key_of(stem_of(path)) == wanted or (is_workbook(path) and has_sheet(path, wanted)))
        ):
            paths.append(path)
    return paths


# ---- workbooks --------------------------------------------------------------


def open_workbook(path: Path) -> CalamineWorkbook:
    """Open a workbook, or say that it is none."""
    try:
        return CalamineWorkbook.from_path(str(path))
    except (CalamineError, OSError) as error:
        raise RawFileError(
            f"{path} cannot be opened as a workbook ({error}). Save it again as .xlsx, without a password."
        ) from error


def has_sheet(path: Path, wanted: str) -> bool:
    """Whether a workbook has a sheet named like an object (its key)."""
    return any(key_of(name) == wanted for name in open_workbook(path).sheet_names)


def cell_text(value: object) -> str:
    """Return a cell as a loader would write it: ISO dates, whole numbers without a fraction, true and false."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(int(value.total_seconds()))
    if isinstance(value, float):
        if value.is_integer() and abs(value) >= 10**15:
            raise ValueError(f"{value:.0f}")
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)


def sheet_as_csv(path: Path, raw_object: str, scratch: Path, delimiter: str) -> Path:
    """Write the object's sheet of a workbook as CSV into scratch and return its path."""
    workbook = open_workbook(path)
    names = workbook.sheet_names
    fitting = [name for name in names if key_of(name) == key_of(raw_object)] or (names if len(names) == 1 else [])
    if len(fitting) != 1:
        raise RawFileError(f"{path} has the sheets {', '.join(names)}. Name the one with the data {raw_object}.")
    rows = []
    for number, row in enumerate(workbook.get_sheet_by_name(fitting[0]).to_python(skip_empty_area=False), start=1):
        try:
            rows.append([cell_text(value) for value in row])
        except ValueError as error:
            raise RawFileError(
                f"{path}, sheet {fitting[0]}, row {number} holds the number {error}, too long for a workbook to "
                "keep its digits. "
                "Format the column as text."
            ) from error
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if not rows:
        raise RawFileError(f"{path}, sheet {fitting[0]} is empty. It needs a row of column names.")
    kept = [index for index, _ in enumerate(rows[0]) if any(row[index].strip() for row in rows)]
    scratch.mkdir(parents=True, exist_ok=True)
    target = (
        scratch.resolve() / f"{md5(f'{path.resolve()}|{raw_object}'.encode(), usedforsecurity=False).hexdigest()}.csv"
    )
    with target.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=delimiter).writerows([row[index] for index in kept] for row in rows)
    return target


# ---- what is refused ----------------------------------------------------------


def opened(path: Path) -> io.BufferedIOBase:
    """Open a file for its bytes, decompressed."""
    return gzip.open(path, "rb") if path.name.lower().endswith(".gz") else path.open("rb")


def vet_text(path: Path, name: str) -> None:
    """Refuse a file that is no UTF-8 text of its kind: read once, in blocks."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    lines = 1
    try:
        with opened(path) as file:
            head = file.read(BLOCK)
            refuse_by_head(head, name)
            block = head
            while block:
                if b"\0" in block:
                    raise RawFileError(
                        f"{name} holds NUL bytes, near line {lines + block[: block.index(0)].count(10)}: it is no text "
                        "file. Export it again as CSV UTF-8."
                    )
                decoder.decode(block)
                lines += block.count(b"\n")
                block = file.read(BLOCK)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        line = lines + error.object[: error.start].count(b"\n")
        raise RawFileError(
            f"{name} is not UTF-8, first in line {line}. Save it as CSV UTF-8 (a Windows or Latin-1 export has to be "
            "converted)."
        ) from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise RawFileError(f"{name} is cut off or damaged ({error}). Copy or export it again.") from error


def refuse_by_head(head: bytes, name: str) -> None:
    """Refuse what the first bytes give away: nothing at all, UTF-16, a web page, a workbook, an archive."""
    if not head.removeprefix(codecs.BOM_UTF8).strip():
        raise RawFileError(f"{name} is empty: it has not even column names. Export it again, or remove it.")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or head[1:2] == b"\0" or head[:1] == b"\0":
        raise RawFileError(f"{name} is UTF-16. Save it as CSV UTF-8.")
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()[:200].lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<head")):
        raise RawFileError(
            f"{name} is a web page, perhaps a login page saved in its place. Export the data again while signed in."
        )
    if head.startswith(b"PK\x03\x04"):
        raise RawFileError(f"{name} is a workbook or a zip archive. Rename it to .xlsx, or unpack it.")
    if head.startswith(b"\x1f\x8b"):
        raise RawFileError(f"{name} is compressed. Rename it to end in .gz.")
    if head.startswith(b"PAR1"):
        raise RawFileError(f"{name} is a Parquet file. Rename it to .parquet.")


def header_of(path: Path, name: str, delimiter: str) -> list[str]:
    """Return the column names of a CSV file; refuse a wrong delimiter, missing and repeated names."""
    with io.TextIOWrapper(opened(path), encoding="utf-8-sig", newline="") as file:
        try:
            columns = next(csv.reader(file, delimiter=delimiter, strict=True), [])
        except csv.Error as error:
            raise RawFileError(
                f"The first line of {name} cannot be read ({error}). It needs column names, separated by "
                f"{DELIMITER_NAMES[delimiter]}."
            ) from error
    if len(columns) == 1:
        for other, word in DELIMITER_NAMES.items():
            if other != delimiter and other in columns[0]:
                raise RawFileError(
                    f"{name} separates its columns by {word}, not by {DELIMITER_NAMES[delimiter]}. Set var "
                    "raw_csv_delimiter, or export it again."
                )
    blank = [str(number) for number, column in enumerate(columns, start=1) if not column.strip()]
    if not columns or blank:
        raise RawFileError(
            f"{name} has no name for column {', '.join(blank) or '1'}. Its first line must have a name for each column."
        )
    seen: set[str] = set()
    for column in columns:
        # DuckDB's names do not differ by case alone.
        if column.lower() in seen:
            raise RawFileError(f"{name} has two columns named {column}. Keep one of them.")
        seen.add(column.lower())
    return columns


# ---- reading ------------------------------------------------------------------


def checksum(path: str, columns: list[str]) -> str:
    """Return a text that differs when a file does, or the columns of all files, which decide how each is read."""
    digest = md5(json.dumps(columns).encode(), usedforsecurity=False)
    with open(path, "rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def quoted(text: str) -> str:
    """Return a text as SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def exact(path: str) -> str:
    """Return a path as SQL text, with the characters that DuckDB takes for a glob written out."""
    return quoted(re.sub(r"([*?\[])", r"[\1]", path))


def united(found: RawFiles, groups: dict[tuple[str, ...], str]) -> None:
    """Set columns and relation: the groups of files with the same columns, united by name."""
    for columns in groups:
        known = {column.lower() for column in found.columns}
        found.columns += [column for column in columns if column.lower() not in known]
    queries = [f"select * from {source}" for source in groups.values()]
    found.relation = f"({' union all by name '.join(queries)})" if len(queries) > 1 else next(iter(groups.values()))


def csv_source(paths: list[str], columns: tuple[str, ...], delimiter: str, by_file: bool = False) -> str:
    """Return read_csv with nothing left to guess or to skip: a bad line is an error."""
    types = ", ".join(f"{quoted(column)}: 'VARCHAR'" for column in columns)
    return (
        f"read_csv([{', '.join(map(exact, paths))}], auto_detect = false, header = true, columns = {{{types}}}, "
        f"delim = {quoted(delimiter)}, quote = '\"', escape = '\"', strict_mode = true, max_line_size = 67108864"
        f"{file_option(by_file)})"
    )


def file_option(by_file: bool) -> str:
    """Return the argument of DuckDB's readers that adds FILE_COLUMN, or nothing."""
    return f", filename = {quoted(FILE_COLUMN)}" if by_file else ""


def read_csv(found: RawFiles, files: list[Path], names: dict[str, str], delimiter: str, scratch: Path) -> None:
    """Vet CSV files and set how they are read: one with lines that cannot be read, from a copy without them."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for file in files:
        name = names[str(file)]
        vet_text(file, name)
        columns = tuple(header_of(file, name, delimiter))
        path = file
        if not is_whole(csv_source([str(file)], columns, delimiter)):
            path = copy_of(file, scratch)
            add_unreadable(found, separate_csv(file, path, columns, delimiter, name), name)
        groups.setdefault(columns, []).append(str(path))
        found.read_from.append(str(path))
    sources = {columns: csv_source(paths, columns, delimiter, found.is_by_file) for columns, paths in groups.items()}
    united(found, sources)


def is_whole(source: str) -> bool:
    """Whether DuckDB reads a source to its end."""
    with duckdb.connect() as connection:
        try:
            connection.execute(f"select count(columns(*)) from {source}").fetchall()
        except duckdb.Error:
            return False
    return True


def copy_of(path: Path, scratch: Path) -> Path:
    """Return the place of a file's copy in scratch, whose folder is made."""
    scratch.mkdir(parents=True, exist_ok=True)
    return (
        scratch.resolve() / f"{md5(str(path.resolve()).encode(), usedforsecurity=False).hexdigest()}.{format_of(path)}"
    )


def separate_csv(
    path: Path, copy: Path, columns: tuple[str, ...], delimiter: str, name: str
) -> list[dict[str, object]]:
    """Write the rows of a CSV file that can be read into a copy, and return the lines that cannot.

    DuckDB can skip bad lines by itself, but takes the next one with them now and then, and reads one kind of line end.
    """
    bad: list[dict[str, object]] = []
    consumed: list[str] = []
    last_line = 0

    def lines(file: io.TextIOBase) -> Iterator[str]:
        for line in file:
            consumed.append(line)
            yield line

    with (
        io.TextIOWrapper(opened(path), encoding="utf-8-sig", newline="") as file,
        copy.open("w", newline="", encoding="utf-8") as target,
    ):
        reader = csv.reader(lines(file), delimiter=delimiter, strict=True)
        writer = csv.writer(target, delimiter=delimiter, lineterminator="\n")
        while True:
            last_line += len(consumed)
            consumed.clear()
            try:
                row = next(reader)
            except StopIteration:
                return bad
            except csv.Error as error:
                if "end of data" in str(error):
                    raise RawFileError(
                        f"{name} opens a quote in line {last_line + 1} that is not closed: the lines after it are "
                        "swallowed. "
                        "Mend the line, or export the file again."
                    ) from error
                why = str(error)
            else:
                if len(row) == len(columns) or not row:
                    writer.writerow(row)
                    continue
                why = f"{len(row)} columns where there are {len(columns)}"
            text = "".join(consumed).rstrip("\r\n")
            bad.append({"file": name, "line": last_line + 1, "text": text, "why": why})


def add_unreadable(found: RawFiles, lines: list[dict[str, object]], name: str) -> None:
    """Keep the lines of a file that cannot be read, or refuse it when they are too many."""
    found.unreadable += lines
    if len(found.unreadable) > MAX_UNREADABLE:
        first = lines[0] if lines else found.unreadable[0]
        raise RawFileError(
            f"{len(lines) or len(found.unreadable)} lines of {name} cannot be read, the first is line {first['line']} "
            f"({first['why']}). "
            "Check its delimiter and its quotes, or export it again."
        )


def read_json(found: RawFiles, files: list[Path], names: dict[str, str], _delimiter: str, scratch: Path) -> None:
    """Vet JSON files (an array, or an object a line) and set how they are read: nested values as JSON text."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for file in files:
        name = names[str(file)]
        vet_text(file, name)
        with opened(file) as content:
            is_array = content.read(BLOCK).removeprefix(codecs.BOM_UTF8).lstrip()[:1] == b"["
        layout, path = "array" if is_array else "newline_delimited", file
        columns, error = json_columns(path, layout)
        if not columns and not is_array:
            path = copy_of(file, scratch)
            add_unreadable(found, separate_json(file, path, name), name)
            columns, error = json_columns(path, layout)
        if not columns:
            raise RawFileError(
                f"{name} is no {'whole JSON array' if is_array else 'list'} of objects: {error}. Export it again."
            )
        groups.setdefault((layout, *columns), []).append(str(path))
        found.read_from.append(str(path))
    sources: dict[tuple[str, ...], str] = {}
    kept, file_column = (f"* exclude ({FILE_COLUMN})", f", {FILE_COLUMN}") if found.is_by_file else ("*", "")
    for (layout, *columns), paths in groups.items():
        source = json_source(paths, layout, found.is_by_file)
        query = f"select json_extract_string(columns({kept}), '$'){file_column} from {source}"
        key = tuple(columns)
        sources[key] = f"{sources[key]} union all by name {query}" if key in sources else query
    united(found, {columns: f"({query})" for columns, query in sources.items()})


def json_source(paths: list[str], layout: str, by_file: bool = False) -> str:
    """Return read_json that keeps each value as JSON."""
    return (
        f"read_json([{', '.join(map(exact, paths))}], format = '{layout}', union_by_name = true, maximum_depth = 1, "
        f"sample_size = -1, maximum_object_size = 67108864{file_option(by_file)})"
    )


def json_columns(path: Path, layout: str) -> tuple[tuple[str, ...], str]:
    """Return the columns of a JSON file that is whole, else none and why."""
    source = json_source([str(path)], layout)
    with duckdb.connect() as connection:
        try:
            columns = tuple(row[0] for row in connection.execute(f"describe select * from {source}").fetchall())
            connection.execute(f"select count(columns(*)) from {source}").fetchall()
        except duckdb.Error as error:
            return (), first_line(error)
    # DuckDB's name for values that are no objects.
    return ((), "it holds values that are no objects") if columns == ("json",) else (columns, "")


def separate_json(path: Path, copy: Path, name: str) -> list[dict[str, object]]:
    """Write the lines of a newline JSON file that are objects into a copy, and return the others."""
    bad: list[dict[str, object]] = []
    with (
        io.TextIOWrapper(opened(path), encoding="utf-8-sig", newline="\n") as file,
        copy.open("w", encoding="utf-8") as target,
    ):
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                value = json.loads(line)
            except ValueError as error:
                why = str(error)
            else:
                if isinstance(value, dict):
                    target.write(line if line.endswith("\n") else line + "\n")
                    continue
                why = "no JSON object"
            bad.append({"file": name, "line": number, "text": line.rstrip("\r\n"), "why": why})
    return bad


@cache
def found_whole(memory: Path) -> set[str]:
    """Return the lines of a file that remembers which Parquet files were whole, one JSON array each; read once."""
    return set(memory.read_text(encoding="utf-8").splitlines()) if memory.exists() else set()


@cache
def parquet_columns(path: str, size: int, changed_at: int, memory: Path) -> tuple[tuple[str, str], ...]:
    """Return the columns of a Parquet file with their types, once for a file of this size and time of change.

    Each value is touched, since a file may be whole at its end and damaged in the middle: once, too, as memory tells,
    a file for the builds to come. Raises duckdb.Error.
    """
    source = f"read_parquet([{exact(path)}])"
    this_file = json.dumps([str(Path(path).resolve()), size, changed_at])
    with duckdb.connect() as connection:
        described = connection.execute(f"describe select * from {source}").fetchall()
        if this_file not in found_whole(memory):
            hashes = ", ".join(f"max(hash({identifier(row[0])}))" for row in described)
            connection.execute(f"select {hashes} from {source}").fetchall()
            memory.parent.mkdir(parents=True, exist_ok=True)
            with memory.open("a", encoding="utf-8") as lines:
                lines.write(f"{this_file}\n")
    return tuple((row[0], row[1]) for row in described)


def read_parquet(found: RawFiles, files: list[Path], names: dict[str, str], _delimiter: str, scratch: Path) -> None:
    """Vet Parquet files and set how they are read: every value as text, nested ones as JSON text."""
    kinds: dict[tuple[tuple[str, str], ...], list[Path]] = {}
    for file in files:
        stat = file.stat()
        try:
            kind = parquet_columns(str(file), stat.st_size, stat.st_mtime_ns, scratch / "whole_parquet_files.jsonl")
        except duckdb.Error as error:
            raise RawFileError(
                f"{names[str(file)]} is no whole Parquet file: {first_line(error)}. Copy or export it again."
            ) from error
        kinds.setdefault(kind, []).append(file)
        found.read_from.append(str(file))
    # Files with the same columns of the same types are read together.
    sources: dict[tuple[str, ...], str] = {}
    for kind, alike in kinds.items():
        columns = tuple(name for name, _ in kind)
        texts = [as_text(name, type_name) for name, type_name in kind] + [FILE_COLUMN] * found.is_by_file
        paths = ", ".join(exact(str(file)) for file in alike)
        query = f"select {', '.join(texts)} from read_parquet([{paths}]{file_option(found.is_by_file)})"
        sources[columns] = f"{sources[columns]} union all by name {query}" if columns in sources else query
    united(found, {columns: f"({query})" for columns, query in sources.items()})


def identifier(name: str) -> str:
    """Return a name as SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def as_text(column: str, kind: str) -> str:
    """Return SQL of a column as text: nested values as JSON."""
    is_nested = kind.endswith("]") or kind.startswith(("STRUCT", "MAP", "UNION"))
    value = f"to_json({identifier(column)})" if is_nested else identifier(column)
    return f"cast({value} as varchar) as {identifier(column)}"


def first_line(error: Exception) -> str:
    """Return the first line of an engine's message, without its kind and a full stop."""
    return re.sub(r"^[A-Za-z ]*Error: ", "", str(error).strip().splitlines()[0]).rstrip(". ")
