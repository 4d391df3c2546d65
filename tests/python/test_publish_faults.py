"""The published file is always whole, the old one or the new one: kills, full disks, two at once, and the way back."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from conftest import ROOT, Build

from tools import build as tools_build
from tools import publish as tools_publish
from tools.publish import PublishError, alone, go_back, kept_files, publish


@pytest.fixture
def published(published: Path, tmp_path: Path) -> Path:
    """The demo company, published into a folder of its own."""
    return shutil.copytree(published.parent, tmp_path / "published") / published.name


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def is_whole(path: Path) -> bool:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute("select count(*) from rep_timeline.rep_timeline").fetchone()[0] > 1000


def command(demo: Build, published: Path) -> list[str]:
    """Return the arguments of tools.publish for the demo company."""
    return [
        "--build-file", str(demo.file), "--published-file", str(published), "--target-folder", str(demo.target),
    ]  # fmt: skip


# ---- kill -9 ----------------------------------------------------------------

STEPS = {
    "during the copy": "publish.write_build_info = die",
    "after the copy": "publish.sync_to_disk = die",
    "before the old file is kept": "publish.keep = die",
    "just before the rename": "Path.replace = die",
}


@pytest.mark.parametrize("step", STEPS)
def test_killed_while_publishing(demo: Build, published: Path, step: str) -> None:
    publish(demo.file, published, demo.target)
    before = digest(published)
    script = f"""
        import os, signal, sys
        from pathlib import Path
        from tools import publish

        def die(*_, **__):
            os.kill(os.getpid(), signal.SIGKILL)

        {STEPS[step]}
        publish.main(sys.argv[1:])
    """
    killed = subprocess.run(  # noqa: S603
        [sys.executable, "-c", textwrap.dedent(script), *command(demo, published)], cwd=ROOT, check=False, timeout=120
    )
    assert killed.returncode == -signal.SIGKILL
    assert digest(published) == before
    assert is_whole(published)
    # The next one recovers by itself, and leaves nothing behind.
    assert tools_publish.main(command(demo, published)) == 0
    assert is_whole(published)
    names = sorted(path.name for path in published.parent.iterdir())
    assert names == ["previous", "rampline.digest.md", published.name]
    # Going back gives the file of before, and not the one that is there already.
    go_back(published)
    assert digest(published) == before


def test_killed_while_building(published: Path, tmp_path: Path) -> None:
    before = digest(published)
    build_file = tmp_path / "build.duckdb"
    environment = os.environ | {
        "RAMPLINE_BUILD_FILE": str(build_file),
        "RAMPLINE_PUBLISHED_FILE": str(published),
        "DBT_TARGET_PATH": str(tmp_path / "target"),
        "DBT_LOG_PATH": str(tmp_path / "logs"),
    }
    seeds = ["--select", "path:seeds/settings", "--exclude-resource-type", "test"]
    build = [sys.executable, "-m", "tools.build", *seeds]
    process = subprocess.Popen(  # noqa: S603
        build, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    ends = time.monotonic() + 120
    while not build_file.exists() and process.poll() is None and time.monotonic() < ends:
        time.sleep(0.05)
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert build_file.exists()
    assert digest(published) == before
    # The next build starts afresh: it is refused for being a part, not for what the killed one left.
    again = subprocess.run(  # noqa: S603
        build, cwd=ROOT, env=environment, check=False, capture_output=True, text=True, timeout=240
    )
    assert "The last build left out" in again.stderr, again.stderr
    assert digest(published) == before


# ---- disks ------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Mount a small disk in memory with mount's options; where nobody may mount there is nothing to test."""
    folder = tmp_path / "disk"
    folder.mkdir()

    def mount(options: str) -> Path:
        result = subprocess.run(  # noqa: S603
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)],  # noqa: S607
            check=False,
            capture_output=True,
        )
        if result.returncode:
            pytest.skip("this machine does not let its tests mount a disk")
        return folder

    yield mount
    subprocess.run(["umount", str(folder)], check=False, capture_output=True)  # noqa: S603, S607


def test_full_disk(demo: Build, small_disk: Callable[[str], Path], capsys: pytest.CaptureFixture[str]) -> None:
    """The disk has room for one file and a half."""
    folder = small_disk("size=100m")
    published = folder / "rampline.duckdb"
    publish(demo.file, published, demo.target)
    before = digest(published)
    room = os.statvfs(folder)
    (folder / "others").write_bytes(bytes(room.f_bavail * room.f_frsize - published.stat().st_size // 2))
    assert tools_publish.main(command(demo, published)) == 1
    said = capsys.readouterr().err
    assert "is as it was" in said
    assert "cannot be written" in said
    assert digest(published) == before
    (folder / "others").unlink()
    assert tools_publish.main(command(demo, published)) == 0
    assert is_whole(published)


def test_read_only_folder(demo: Build, small_disk: Callable[[str], Path], capsys: pytest.CaptureFixture[str]) -> None:
    folder = small_disk("size=100m")
    published = folder / "rampline.duckdb"
    publish(demo.file, published, demo.target)
    before = digest(published)
    subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)  # noqa: S603, S607
    assert tools_publish.main(command(demo, published)) == 1
    said = capsys.readouterr().err
    assert "cannot be written" in said
    assert "Read-only file system" in said
    assert digest(published) == before


# ---- readers, and two at once -----------------------------------------------


ASK = "select project_version, (select count(*) from rep_timeline.rep_timeline) from meta.build_info"
HOLDS = """
    connection = duckdb.connect(sys.argv[1], read_only=True)
    first = connection.execute(ask).fetchone()
    print("reading", flush=True)
    while sys.stdin.readline().strip() != "stop":
        assert connection.execute(ask).fetchone() == first
"""
OPENS_ANEW = """
    print("reading", flush=True)
    seen = set()
    while "10" not in seen:
        with duckdb.connect(sys.argv[1], read_only=True) as connection:
            before = connection.execute(ask).fetchone()
            time.sleep(0.05)
            assert connection.execute(ask).fetchone() == before
        seen.add(before[0])
    assert len(seen) > 3
"""


def test_readers_through_ten_publishes(demo: Build, published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One process holds the old file, another opens it anew all the while: no error, and no mix of two files."""
    holder, opener = (
        subprocess.Popen(  # noqa: S603
            [
                sys.executable,
                "-c",
                f"import sys, time, duckdb\nask = {ASK!r}\n{textwrap.dedent(script)}",
                str(published),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for script in (HOLDS, OPENS_ANEW)
    )
    assert holder.stdout.readline() == "reading\n"
    assert opener.stdout.readline() == "reading\n"
    for number in range(1, 11):
        monkeypatch.setattr(tools_publish, "project_version", lambda number=number: str(number))
        publish(demo.file, published, demo.target)
        holder.stdin.write("ask\n")
        holder.stdin.flush()
    for reader in (holder, opener):
        _, errors = reader.communicate("stop\n", timeout=60)
        assert reader.returncode == 0, errors


def test_two_builds_at_once(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = digest(published)
    build_file = tmp_path / "build.duckdb"
    build_file.write_bytes(b"the other build is writing this")
    monkeypatch.setenv("RAMPLINE_BUILD_FILE", str(build_file))
    monkeypatch.setenv("RAMPLINE_PUBLISHED_FILE", str(published))
    script = "import sys; from pathlib import Path; from tools.publish import alone\n" + textwrap.dedent("""
        with alone(Path(sys.argv[1])):
            print("building", flush=True)
            sys.stdin.readline()
    """)
    other = subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", script, str(build_file)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert other.stdout.readline() == "building\n"
    assert tools_build.main([]) == 1
    assert "Another build or publish of" in capsys.readouterr().err
    assert tools_publish.main([]) == 1
    assert "Another build or publish of" in capsys.readouterr().err
    assert build_file.read_bytes() == b"the other build is writing this"
    # The lock ends with its process, however that ends.
    other.kill()
    other.wait()
    with alone(build_file):
        pass
    assert digest(published) == before


# ---- the way back -----------------------------------------------------------


def test_the_last_files_are_kept_and_one_goes_back(
    demo: Build, published: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    digests = [digest(published)]
    for number in range(1, 6):
        monkeypatch.setattr(tools_publish, "project_version", lambda number=number: str(number))
        publish(demo.file, published, demo.target)
        digests.append(digest(published))
    assert len(set(digests)) == 6
    # Three are kept: those before the last one, the newest first.
    assert [digest(path) for path in kept_files(published)] == digests[-2:-5:-1]
    assert tools_publish.main([*command(demo, published), "--back"]) == 0
    assert "again" in capsys.readouterr().out
    assert digest(published) == digests[-2]
    assert digest(published.with_stem("rampline.withdrawn")) == digests[-1]
    assert tools_publish.main([*command(demo, published), "--back"]) == 0
    assert tools_publish.main([*command(demo, published), "--back"]) == 0
    assert digest(published) == digests[-4]
    assert tools_publish.main([*command(demo, published), "--back"]) == 1
    assert "No earlier published file is kept" in capsys.readouterr().err
    assert digest(published) == digests[-4]


def test_none_is_kept_where_none_is_wanted(demo: Build, published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools_publish, "setting", lambda *_: 0)
    publish(demo.file, published, demo.target)
    assert kept_files(published) == []
    with pytest.raises(PublishError, match="published_files_kept"):
        go_back(published)
