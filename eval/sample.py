"""A part of the cases that is like the whole."""

from collections.abc import Sequence

from eval.cases import Case


def spread_sample(cases: Sequence[Case], limit: int | None) -> list[Case]:
    """Return `limit` cases in their order, spread evenly over each kind; all without a limit.

    A kind gets its share of the limit, rounded by largest remainder; no randomness, so that the same
    limit is the same sample.
    """
    if limit is None or limit >= len(cases):
        return list(cases)
    by_kind: dict[str, list[Case]] = {}
    for case in cases:
        by_kind.setdefault(case.kind, []).append(case)
    exact = {kind: max(0, limit) * len(group) / len(cases) for kind, group in by_kind.items()}
    sizes = {kind: int(share) for kind, share in exact.items()}
    rest = max(0, limit) - sum(sizes.values())
    for kind in sorted(exact, key=lambda kind: (sizes[kind] - exact[kind], kind))[:rest]:
        sizes[kind] += 1
    chosen = {
        group[number * len(group) // sizes[kind]].case_id
        for kind, group in by_kind.items()
        for number in range(sizes[kind])
    }
    return [case for case in cases if case.case_id in chosen]
