"""The commands of `python -m eval` besides the run itself, each loaded when it is called."""

from collections.abc import Callable, Sequence

Command = Callable[[Sequence[str]], tuple[int, str]]
"""Arguments → exit code and what is printed."""


def _check(arguments: Sequence[str]) -> tuple[int, str]:
    from eval.checker import check_command

    return check_command(arguments)


def _gate(arguments: Sequence[str]) -> tuple[int, str]:
    from eval.gate import gate_command

    return gate_command(arguments)


def _judge(arguments: Sequence[str]) -> tuple[int, str]:
    from eval.judge import judge_command

    return judge_command(arguments)


def _new(arguments: Sequence[str]) -> tuple[int, str]:
    from eval.new_case import new_command

    return new_command(arguments)


def _robustness(arguments: Sequence[str]) -> tuple[int, str]:
    from eval.robustness.suites import robustness_command

    return robustness_command(arguments)


COMMANDS: dict[str, Command] = {
    "check": _check,
    "gate": _gate,
    "judge": _judge,
    "new": _new,
    "robustness": _robustness,
}
