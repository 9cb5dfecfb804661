"""`pol git` in scratch repositories: what is set up, what git then does, and that all of it is taken back."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from policy_lang.tools.git import textconv
from policy_lang.tools.git.textconv import converted
from tests.cli.conftest import ROOT, Pol, Ran

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="there is no git here")

HONEY = """\
law honey
    in force  from 2024-01-01

record jar
    organic     yes or no   "Is it organic?"

rule levy for jar : money USD                                           [Section 1]
    1 USD

rule fee for jar : money USD                                            [Section 2]
    2 USD

rule toll for jar : money USD                                           [Section 3]
    3 USD

scenario "Levy"
    as of 2024-06-01
    given jar
        organic yes
    expect levy 1 USD
"""

Git = Callable[..., Ran]


@pytest.fixture
def git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Git:
    """An empty repository in a folder with a blank in its name, which is the current one; gives `git`."""
    folder = tmp_path / "a repository"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "config"))
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    (tmp_path / "config").write_text(
        "[user]\n    name = A\n    email = a@example.org\n[init]\n    defaultBranch = main\n",
        encoding="utf-8",
    )

    def run(*words: str | Path, status: int | None = 0) -> Ran:
        done = subprocess.run(["git", *map(str, words)], capture_output=True, check=False)  # noqa: S607 - git stands elsewhere on each machine
        ran = Ran(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode())
        assert status is None or ran.status == status, ran
        return ran

    run("init", "-q")
    return run


def commit(git: Git, text: str, name: str = "honey.pol") -> None:
    path = Path(name)
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    git("add", ".")
    git("commit", "-qm", name)


def state(git: Git) -> tuple[str, dict[str, bytes]]:
    """Everything that an installation could touch."""
    files = {str(path): path.read_bytes() for path in Path(".git/hooks").glob("*")}
    files |= {
        name: Path(name).read_bytes() for name in (".gitattributes", ".git/config") if Path(name).exists()
    }
    return git("status", "--porcelain").out, files


def test_git_shows_and_merges_policies_clause_by_clause(git: Git, pol: Pol) -> None:
    assert pol("git", "install", "--no-hook").status == 0
    name = "my laws/honey law.pol"
    commit(git, HONEY, name)
    git("checkout", "-qb", "other")
    commit(git, HONEY.replace("2 USD", "20 USD"), name)
    git("checkout", "-q", "main")
    path = Path(name)
    path.write_text(
        HONEY.replace("    1 USD", "    1.5 USD", 1).replace("levy 1 USD", "levy 1.5 USD"), "utf-8"
    )
    shown = git("diff").out
    assert "\n@@ -5,7 +5,7 @@ record jar\n" in shown
    assert '\n@@ -17,4 +17,4 @@ scenario "Levy"\n' in shown
    assert "\n-    1 USD\n+    1.5 USD\n" in shown
    git("commit", "-qam", "mine")
    git("merge", "-q", "other", "-m", "both")
    assert path.read_text("utf-8") == HONEY.replace("    1 USD", "    1.5 USD", 1).replace(
        "levy 1 USD", "levy 1.5 USD"
    ).replace("2 USD", "20 USD")
    assert "+    20 USD" in git("log", "-p", "-1", "other").out


def test_two_changes_of_one_clause_are_a_conflict_and_nothing_else_is(git: Git, pol: Pol) -> None:
    pol("git", "install", "--no-hook")
    commit(git, HONEY)
    git("checkout", "-qb", "other")
    commit(git, HONEY.replace("2 USD", "20 USD").replace("    3 USD", "    4 USD"))
    git("checkout", "-q", "main")
    commit(git, HONEY.replace("rule fee for jar : money USD ", 'rule fee for jar : money USD "Fee" '))
    assert git("merge", "other", status=1).out.startswith("Auto-merging honey.pol\nCONFLICT (content)")
    text = Path("honey.pol").read_text("utf-8")
    assert text.count("<<<<<<< ours\n") == text.count(">>>>>>> theirs\n") == 1
    assert "    4 USD" in text.partition(">>>>>>>")[2]
    assert "|||||||" not in text
    git("merge", "--abort")
    git("config", "merge.conflictStyle", "diff3")
    git("merge", "other", status=1)
    assert Path("honey.pol").read_text("utf-8").count("||||||| base\nrule fee") == 1


def test_the_versions_are_called_as_git_calls_them(pol: Pol, tmp_path: Path) -> None:
    """As git does from 2.44 on; before, it leaves the signs for the names as they are."""
    paths = [tmp_path / name for name in ("base", "ours", "theirs")]

    def marks(*labels: str) -> list[str]:
        for path, fee in zip(paths, ("2 USD", "3 USD", "4 USD"), strict=True):
            path.write_text(HONEY.replace("    2 USD", f"    {fee}"), encoding="utf-8")
        assert pol("git", "merge", *paths, "7", "a b.pol", *labels).status == 1
        lines = paths[1].read_text("utf-8").splitlines()
        return [line for line in lines if line.startswith(("<<<<<<<", ">>>>>>>"))]

    usual = ["<<<<<<< ours", ">>>>>>> theirs"]
    assert marks() == marks("%S", "%X", "%Y") == marks("", "", "") == usual
    assert marks("before", "HEAD", "a branch") == ["<<<<<<< HEAD", ">>>>>>> a branch"]


def test_a_change_of_layout_only_is_not_shown(git: Git, pol: Pol) -> None:
    pol("git", "install", "--no-hook")
    commit(git, HONEY)
    Path("honey.pol").write_text(HONEY.replace("    2 USD", "      2   USD"), encoding="utf-8")
    assert "USD" not in git("diff").out
    assert git("status", "--porcelain").out == " M honey.pol\n"


def test_a_file_that_cannot_be_read_is_shown_and_merged_as_text(git: Git, pol: Pol) -> None:
    pol("git", "install", "--no-hook")
    commit(git, HONEY)
    git("checkout", "-qb", "other")
    commit(git, HONEY + "\nrule : :\n")
    assert "+rule : :" in git("show").out
    git("checkout", "-q", "main")
    commit(git, HONEY.replace("    1 USD", "    9 USD"))
    said = git("merge", "-q", "other", "-m", "both")
    assert "merged line by line" in said.err
    assert Path("honey.pol").read_text("utf-8") == HONEY.replace("    1 USD", "    9 USD") + "\nrule : :\n"
    Path("honey.pol").write_bytes(b"law \xff\n")
    assert git("diff", "--text").status == 0


def test_line_ends_of_other_systems_stay(git: Git, pol: Pol) -> None:
    pol("git", "install", "--no-hook")
    commit(git, "")

    def save(text: str) -> None:
        Path("honey.pol").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
        git("commit", "-qam", "one")

    save(HONEY)
    git("checkout", "-qb", "other")
    save(HONEY.replace("    2 USD", "    4 USD"))
    git("checkout", "-q", "main")
    save(HONEY.replace("    3 USD", "    5 USD"))
    git("merge", "-q", "other", "-m", "both")
    both = HONEY.replace("    2 USD", "    4 USD").replace("    3 USD", "    5 USD")
    assert Path("honey.pol").read_bytes() == b"\xef\xbb\xbf" + both.replace("\n", "\r\n").encode()


# -------------------------------------------------------------------------------------- what is set up, and taken back


@pytest.mark.parametrize(
    "before", [None, b"", b"*.png binary\n", b"*.png binary", b"*.a text\r\n*.b text\r\n", b"\xff\n"]
)
def test_uninstalling_takes_back_what_installing_wrote(git: Git, pol: Pol, before: bytes | None) -> None:
    if before is not None:
        Path(".gitattributes").write_bytes(before)
    git("config", "user.name", "Somebody")
    git("config", "diff.pol.wordRegex", "[a-z]+")
    then = state(git)
    first = pol("git", "install")
    now = state(git)
    assert len(first.out.splitlines()) == 6
    assert Path(".gitattributes").read_bytes().startswith(before or b"")
    assert pol("git", "install").out == "everything is set up already\n"
    assert state(git) == now
    assert len(pol("git", "uninstall").out.splitlines()) == 6
    if before == b"":
        Path(".gitattributes").touch()  # an empty file says nothing, and goes with our line
    assert state(git) == then
    assert pol("git", "uninstall").out == "nothing is set up here\n"
    assert state(git) == then


def test_what_would_be_written_can_be_seen_before(git: Git, pol: Pol) -> None:
    then = state(git)
    ran = pol("git", "install", "--print")
    assert state(git) == then
    for said in (
        ".git/config\n",
        "\n.gitattributes\n",
        "*.pol diff=pol merge=pol",
        "pre-commit\n",
        "git hook",
    ):
        assert said in ran.out
    assert "pre-commit" not in pol("git", "install", "--print", "--no-hook").out


def test_a_hook_of_somebody_else_is_left_alone(git: Git, pol: Pol) -> None:
    hook = Path(".git/hooks/pre-commit")
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 0\n", encoding="utf-8")
    then = state(git)
    ran = pol("git", "install")
    assert ran.status == 2
    assert "there is a hook already" in ran.err
    assert "--no-hook" in ran.err
    assert state(git) == then
    assert pol("git", "install", "--no-hook").status == 0
    assert pol("git", "uninstall").status == 0
    assert state(git) == then


@pytest.mark.usefixtures("git")
def test_what_somebody_added_to_our_hook_is_not_lost(pol: Pol) -> None:
    pol("git", "install")
    hook = Path(".git/hooks/pre-commit")
    with hook.open("a", encoding="utf-8") as stream:
        stream.write("echo more\n")
    assert "there is a hook already" in pol("git", "install").err
    assert "left .git/hooks/pre-commit, to which something was added\n" in pol("git", "uninstall").out
    assert hook.read_text("utf-8").endswith("echo more\n")


def test_a_link_is_not_written_through(git: Git, pol: Pol, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("# mine\n", encoding="utf-8")
    Path(".gitattributes").symlink_to(tmp_path / "elsewhere")
    then = state(git)
    ran = pol("git", "install")
    assert (ran.status, "is a link" in ran.err) == (2, True)
    assert (tmp_path / "elsewhere").read_text("utf-8") == "# mine\n"
    pol("git", "uninstall")
    assert state(git) == then


def test_settings_of_somebody_else_are_left_alone(git: Git, pol: Pol) -> None:
    git("config", "merge.pol.driver", "true")
    then = state(git)
    ran = pol("git", "install")
    assert ran.status == 2
    assert "`merge.pol.driver` is set to something else" in ran.err
    assert state(git) == then
    pol("git", "uninstall")
    assert state(git) == then


def test_a_line_that_somebody_else_wrote_stays(git: Git, pol: Pol) -> None:
    """As in a clone of a repository in which it was committed."""
    Path(".gitattributes").write_text("*.pol diff=pol merge=pol\n", encoding="utf-8")
    then = state(git)
    assert "gitattributes" not in pol("git", "install").out
    pol("git", "uninstall")
    assert state(git) == then


def test_hooks_may_be_elsewhere(git: Git, pol: Pol, tmp_path: Path) -> None:
    git("config", "core.hooksPath", ".our hooks")
    pol("git", "install")
    assert Path(".our hooks/pre-commit").exists()
    pol("git", "uninstall")
    assert not Path(".our hooks/pre-commit").exists()
    git("config", "core.hooksPath", str(tmp_path / "for all"))
    ran = pol("git", "install")
    assert ran.status == 2
    assert "other repositories may use" in ran.err
    assert not (tmp_path / "for all").exists()


def test_in_a_folder_and_in_a_work_tree_of_its_own(
    git: Git, pol: Pol, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit(git, HONEY)
    then = state(git)
    git("worktree", "add", "-q", tmp_path / "b")
    (tmp_path / "b" / "inner").mkdir()
    monkeypatch.chdir(tmp_path / "b" / "inner")
    assert pol("git", "install", "--no-hook").status == 0
    assert (tmp_path / "b" / ".gitattributes").exists()
    path = tmp_path / "b" / "honey.pol"
    path.write_text(HONEY.replace("    2 USD", "    4 USD"), encoding="utf-8")
    assert "@@ record jar\n" not in git("diff").out
    assert "@@ rule levy for jar : money USD\n" in git("diff").out
    monkeypatch.chdir(tmp_path / "a repository")
    pol("git", "uninstall")
    assert not (tmp_path / "b" / ".gitattributes").exists()
    assert state(git) == then


def test_where_there_is_no_repository(pol: Pol, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    for words in (["install"], ["install", "--print"], ["uninstall"], ["hook"]):
        ran = pol("git", *words)
        assert ran.status == 2
        assert "not in a repository of git" in ran.err
    subprocess.run(["git", "init", "-q", "--bare", "."], check=True)  # noqa: S607 - git stands elsewhere on each machine
    assert "no files to work on" in pol("git", "install").err
    monkeypatch.setenv("PATH", str(tmp_path))
    ran = pol("git", "install")
    assert (ran.status, "git is not installed" in ran.err) == (2, True)


def test_git_works_on_when_pol_is_gone(git: Git, pol: Pol) -> None:
    pol("git", "install", "--no-hook")
    for name in ("diff.pol.textconv", "merge.pol.driver"):
        value = git("config", name).out.rstrip("\n")
        git("config", name, value.replace(sys.executable, "/not/there/python"))
    commit(git, HONEY)
    git("checkout", "-qb", "other")
    commit(git, HONEY.replace("    1 USD", "    9 USD"))
    assert "+    9 USD" in git("show").out
    git("checkout", "-q", "main")
    commit(git, HONEY.replace("    1 USD", "    8 USD"))
    git("merge", "other", status=1)
    assert "<<<<<<< ours\n    8 USD\n=======\n    9 USD\n>>>>>>> theirs\n" in Path("honey.pol").read_text(
        "utf-8"
    )


def test_a_folder_called_like_our_program_is_not_run(git: Git, pol: Pol) -> None:
    """Looking at a repository never runs anything that is in it."""
    pol("git", "install", "--no-hook")
    Path("policy_lang/cli").mkdir(parents=True)
    for name in ("policy_lang/__init__.py", "policy_lang/cli/__init__.py", "policy_lang/cli/__main__.py"):
        Path(name).write_text("open('was run', 'w')\n", encoding="utf-8")
    commit(git, HONEY)
    commit(git, HONEY.replace("    2 USD", "    4 USD"))
    git("show")
    assert not Path("was run").exists()


# ------------------------------------------------------------------------------------------------ before a commit


def test_what_is_committed_is_checked_as_it_is_committed(git: Git, pol: Pol) -> None:
    pol("git", "install")
    path = Path("laws/honey.pol")
    commit(git, HONEY, str(path))
    for bad, said in (
        (HONEY.replace("2 USD", "fees"), "error[unknown-name]"),
        (HONEY.replace("    2 USD", "   2 USD"), "would be formatted: laws/honey.pol"),
        (HONEY.replace("expect levy 1 USD", "expect levy 7 USD"), "FAILED: Levy"),
    ):
        path.write_text(bad, encoding="utf-8")
        git("add", ".")
        path.write_text(HONEY, encoding="utf-8")  # what counts is what was staged
        ran = git("commit", "-qm", "two", status=1)
        assert said in ran.err
        assert "nothing was committed" in ran.err
    path.write_text("not read: only what is staged is", encoding="utf-8")
    Path("laws/note.txt").write_text("x", encoding="utf-8")
    git("reset", "-q")
    git("add", "laws/note.txt")
    git("commit", "-qm", "no policy in it")


def test_scenarios_and_what_is_used_are_read_with_what_is_committed(git: Git, pol: Pol) -> None:
    pol("git", "install")
    scenarios = 'scenarios for honey\n\nscenario "Fee"\n    as of 2024-06-01\n    given jar\n        organic no\n    expect fee 2 USD\n'
    Path("honey.scenarios.pol").write_text(scenarios, encoding="utf-8")
    commit(git, HONEY)
    Path("honey.pol").write_text(HONEY.replace("    2 USD", "    4 USD"), encoding="utf-8")
    ran = git("commit", "-qam", "two", status=1)
    assert "FAILED: Fee" in ran.err
    assert "honey.scenarios.pol:7" in ran.err


def test_what_was_shown_once_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    path = tmp_path / "honey.pol"
    path.write_text(HONEY.replace("    2 USD", "      2  USD"), encoding="utf-8")
    first = converted(path)
    assert first.decode() == HONEY
    (kept,) = (tmp_path / "cache" / "policy-lang" / "texts").iterdir()
    kept.write_text("what is kept", encoding="utf-8")
    assert converted(path) == b"what is kept"
    path.write_text(HONEY + "\nrule : :\n", encoding="utf-8")
    assert converted(path) == path.read_bytes()
    monkeypatch.setenv("POL_CACHE", "off")
    path.write_text(HONEY.replace("    2 USD", "      2  USD"), encoding="utf-8")
    assert converted(path) == first


def test_not_everything_is_kept_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(textconv, "_MOST", 5)
    path = tmp_path / "honey.pol"
    for number in range(14):
        path.write_text(f"law honey_{number}\n", encoding="utf-8")
        assert converted(path) == path.read_bytes()
    assert 0 < len(list((tmp_path / "cache" / "policy-lang" / "texts").iterdir())) <= 6


def test_what_was_kept_is_shown_without_loading_anything(tmp_path: Path) -> None:
    """`git log -p` asks for two texts with every change."""
    path = tmp_path / "honey.pol"
    path.write_text(HONEY, encoding="utf-8")
    asked = [sys.executable, "-X", "importtime", "-P", "-m", "policy_lang.tools.git.textconv", str(path)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    for again in (False, True):
        done = subprocess.run(asked, env=environment, capture_output=True, check=True)
        assert done.stdout.decode() == HONEY
        assert (b"lark" not in done.stderr) == again
        assert b"click" not in done.stderr
