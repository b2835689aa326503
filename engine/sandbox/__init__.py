"""Playing a process without consequences: a script of acts, a clock that is moved, nothing written, sent or done.

`prepare` makes the sandbox of a process, `play` replays a script in it from the beginning, `cases` holds
recorded runs against it. Nothing here reads or writes the database of the application but `prepare`, which reads.
"""

from engine.sandbox.cases import Difference, Expectations, expect, read_expectations, replay, write_expectations
from engine.sandbox.coverage import Coverage
from engine.sandbox.limits import Limits
from engine.sandbox.material import Sandbox, prepare
from engine.sandbox.playing import play
from engine.sandbox.refusals import Refusal, describe_refusal
from engine.sandbox.script import Act, Do, Script, ScriptRefused, read_script, write_script
from engine.sandbox.standing import Standing

__all__ = [
    "Act",
    "Coverage",
    "Difference",
    "Do",
    "Expectations",
    "Limits",
    "Refusal",
    "Sandbox",
    "Script",
    "ScriptRefused",
    "Standing",
    "describe_refusal",
    "expect",
    "play",
    "prepare",
    "read_expectations",
    "read_script",
    "replay",
    "write_expectations",
    "write_script",
]
