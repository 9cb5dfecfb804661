"""From a path to a policy ready to decide: compiled, or taken from the cache when nothing changed.

The cache holds code that this package generated, so it lies in a folder that only its owner can write to, and is
left alone otherwise. It is a copy of what compiling gives: deleting it costs time and nothing else.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import sys
from pathlib import Path

from attrs import frozen

from policy_lang import __version__
from policy_lang.policy import Policy
from policy_lang.program.core import Program
from policy_lang.source.cache import cache_folder, digest, stamp
from policy_lang.source.diagnostic import Diagnostic
from policy_lang.source.files import amendments_in, find_instrument

_FORMAT = 2


class InvalidPolicy(Exception):
    """The policy has mistakes: `diagnostics` lists them all."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__("; ".join(f"{d.span.place}: {d.message}" for d in diagnostics[:5]))
        self.diagnostics = diagnostics


def load(path: str | os.PathLike[str]) -> Policy:
    """The policy in this file, with all that it uses, compiled or from the cache.

    Raises `InvalidPolicy` with every mistake found, also where there is no such file.
    """
    policy, diagnostics = load_policy(Path(path))
    if policy is None:
        raise InvalidPolicy(diagnostics)
    return policy


def load_policy(path: Path) -> tuple[Policy | None, tuple[Diagnostic, ...]]:
    """The policy in this file, or None, and what is to be said about it."""
    cache = _Cache.open(path)
    kept = cache.read() if cache is not None else None
    if kept is not None:
        return kept, ()
    from policy_lang.pipeline import compile_file  # the compiler is not needed when the cache answers

    compiled, diagnostics = compile_file(path)
    if compiled.program is None:
        return None, diagnostics
    policy = Policy(compiled.program)
    if cache is not None and not diagnostics:
        cache.write(policy, compiled.program, [Path(source.name) for source in compiled.sources])
    return policy, diagnostics


@frozen
class _Cache:
    """What is kept of one policy file: its evaluator, its program, and the state of every file behind it."""

    path: Path
    folder: Path

    @classmethod
    def open(cls, path: Path) -> _Cache | None:
        """The cache, or None where there is none, or none that can be trusted."""
        folder = cache_folder()
        if folder is None:
            return None
        return cls(path, folder)

    @property
    def _name(self) -> Path:
        key = f"{__version__} {sys.implementation.cache_tag} {self.path} {self.path.absolute()}"
        return self.folder / hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:32]

    def read(self) -> Policy | None:
        """The policy as kept, when every file behind it is as it was and every `use` finds the same file."""
        try:
            data = self._name.read_bytes()
            made_by, files, found, amended, evaluator, program = marshal.loads(data)  # noqa: S302 - only we write here
            if made_by != (_FORMAT, *stamp()):
                return None
            for name, known in files:
                if digest(Path(name)) != known:
                    return None
            for name, folder, expected in found:
                if str(find_instrument(name, Path(folder))) != expected:
                    return None
            for folder, expected in amended:
                if _amendments_in(folder) != expected:
                    return None
        except (OSError, ValueError, EOFError, TypeError):
            return None
        from policy_lang.backends.evaluate.compiled import CompiledEvaluator

        restored = CompiledEvaluator.from_bytes(evaluator)
        if restored is None:
            return None

        def load_program() -> Program:
            import pickle  # only an explanation needs the program

            loaded: Program = pickle.loads(program)  # noqa: S301 - only we write here
            return loaded

        return Policy(load_program, restored)

    def write(self, policy: Policy, program: Program, sources: list[Path]) -> None:
        """Keeps a policy. Files appear whole or not at all; what cannot be kept is no mistake."""
        import pickle

        files = [(str(path), digest(path)) for path in sources]
        found = [
            (name.stem, str(self.path.parent), str(find_instrument(name.stem, self.path.parent)))
            for name in sources
        ]
        amended = [(folder, _amendments_in(folder)) for folder in sorted({str(s.parent) for s in sources})]
        kept = pickle.dumps(program, 5)
        data = marshal.dumps(((_FORMAT, *stamp()), files, found, amended, policy.evaluator.to_bytes(), kept))
        temporary = self._name.with_suffix(f".{os.getpid()}")
        try:
            with temporary.open("wb") as stream:
                stream.write(data)
            temporary.replace(self._name)
        except OSError:
            temporary.unlink(missing_ok=True)


def _amendments_in(folder: str) -> list[tuple[str, tuple[str, ...]]]:
    """The amendments in a folder: an answer that was kept may not know of a new one."""
    found = amendments_in(Path(folder))
    return [(name, tuple(str(path) for path in paths)) for name, paths in found.items()]
