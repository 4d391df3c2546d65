"""An attack on withheld survey results: small random companies, and what their published results give away.

The attacker has what is published, knows the rules by which results are withheld, and knows in which role families and
hire quarters anybody answered. Covered are: sums that follow from shown sums by exact linear algebra, for single
withheld cells and for every group of fewer people than the minimum; numbers of people that bounds leave no choice for,
over all results of a program; and questions that follow from shown questions and the total of their dimension. Not
covered are: two published files of different days, results in which all answers are the same, and what the choice among
equally small cohorts tells. A long search (numbers 10000 to 15999) found one company, 10646, where bounds over several
questions leave one choice for how many people a withheld cohort has; what they answered stays unknown.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations
from math import gcd, inf, lcm

MIN_GROUP_SIZE = 5
ROLES = ["AE", "SDR", "SE", "CSM", "manager", "partner", "renewals"]
QUARTERS = ["2023-Q3", "2023-Q4", "2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4", "2025-Q1"]
# Role family and hire quarter: the finest group of people that a program is cut into.
Atom = tuple[str, str]
# Cohort type and cohort.
Cell = tuple[str, str]
# Metric and breakdown.
Metric = tuple[str, str]
ALL: Cell = ("all", "all")


# ---- random companies ------------------------------------------------------------------------------------------------


@dataclass
class Person:
    """Somebody in a program of a random company; anonymous and unmatched people have no rep."""

    key: str
    role: str
    quarter: str
    has_completed: bool = True

    @property
    def is_rep(self) -> bool:
        return self.role != "unmatched"


@dataclass
class Answer:
    """One answer in a survey."""

    person: Person
    response_id: str
    question: str
    dimension: str
    scale_max: int
    score: int | None

    @property
    def scale_min(self) -> int:
        return 0 if self.scale_max == 10 else 1

    @property
    def score_rate(self) -> float | None:
        return None if self.score is None else (self.score - self.scale_min) / (self.scale_max - self.scale_min)

    @property
    def asked(self) -> tuple[str, str, int, int]:
        """The question with its dimension and scale: the finest group of answers in fct_survey_scores."""
        return (self.question, self.dimension, self.scale_min, self.scale_max)


@dataclass
class Case:
    """One program of one random company: who took part and what they answered."""

    program: str
    shape: str
    people: list[Person]
    answers: list[Answer]


def scattered(randomly: random.Random) -> dict[Atom, int]:
    """Any number of people anywhere."""
    roles, quarters = ROLES[: randomly.randint(2, 7)], QUARTERS[: randomly.randint(2, 7)]
    return {
        (role, quarter): randomly.choice([0, 0, 1, 2, randomly.randint(0, 8)]) for role in roles for quarter in quarters
    }


def nested(randomly: random.Random) -> dict[Atom, int]:
    """Each hire quarter in one role, but for a few people."""
    roles = ROLES[: randomly.randint(2, 4)]
    sizes = {
        (randomly.choice(roles), quarter): randomly.randint(1, 8) for quarter in QUARTERS[: randomly.randint(2, 7)]
    }
    stray = (randomly.choice(roles), randomly.choice(QUARTERS))
    return sizes | {stray: sizes.get(stray, 0) + randomly.randint(0, 2)}


def chained(randomly: random.Random) -> dict[Atom, int]:
    """Each role has a quarter of its own, and a few people in another's."""
    roles = ROLES[: randomly.randint(3, 7)]
    sizes = {(role, quarter): randomly.randint(4, 8) for role, quarter in zip(roles, QUARTERS, strict=False)}
    for number, role in enumerate(roles):
        if randomly.random() < 0.6:
            sizes.setdefault((role, QUARTERS[(number + randomly.randint(1, 3)) % len(roles)]), randomly.randint(1, 3))
    return sizes


def one_each(randomly: random.Random) -> dict[Atom, int]:
    """One person per hire quarter."""
    return {(randomly.choice(ROLES[:2]), quarter): 1 for quarter in QUARTERS[: randomly.randint(4, 7)]}


def blocks(randomly: random.Random) -> dict[Atom, int]:
    """Three roles share a quarter; now and then one has a few people in the next three roles' quarter."""
    sizes = {
        (role, QUARTERS[number // 3]): randomly.randint(5, 8)
        for number, role in enumerate(ROLES[: randomly.randint(4, 7)])
    }
    if randomly.random() < 0.8:
        sizes[randomly.choice(ROLES[:3]), QUARTERS[1]] = randomly.randint(1, 4)
    return sizes


def single_role(randomly: random.Random) -> dict[Atom, int]:
    """One role, some hire quarters."""
    return {("AE", quarter): randomly.randint(1, 8) for quarter in QUARTERS[: randomly.randint(1, 5)]}


def two_by_two(randomly: random.Random) -> dict[Atom, int]:
    """Two roles, two hire quarters."""
    return {(role, quarter): randomly.randint(0, 8) for role in ROLES[:2] for quarter in QUARTERS[:2]}


SHAPES = [scattered, nested, chained, one_each, blocks, single_role, two_by_two]


def random_questions(randomly: random.Random) -> list[tuple[str, str, int, float]]:
    """Return questions with dimension, highest score, and the share of respondents who are asked."""
    questions = [("Satisfied?", "satisfaction", 5, 1.0), ("Recommend?", "nps", 10, 1.0)]
    for part in range(randomly.choice([0, 0, 1, 2, 3, 4])):
        scale_max = randomly.choice([5, 9])
        questions.append((f"Satisfied with part {part}?", "satisfaction", scale_max, randomly.choice([1.0, 0.5, 0.2])))
    if randomly.random() < 0.4:
        questions.append(("Useful?", "relevance", 5, randomly.choice([1.0, 0.3])))
    if randomly.random() < 0.2:
        questions.append(("Recommend, in short?", "nps", 5, randomly.choice([1.0, 0.5])))
    return questions


def random_answers(randomly: random.Random, program: str, people: list[Person]) -> list[Answer]:
    """Return what people answer: some nothing, some twice, some skip a question or leave its score blank."""
    response_share = randomly.choice([1.0, 1.0, 0.9, 0.6])
    skip_share = randomly.choice([0.0, 0.0, 0.05, 0.2])
    respondents = [person for person in people if randomly.random() < response_share]
    anonymous = randomly.choice([0, 0, 0, 1, 2, 6])
    respondents += [Person(f"{program}_anonymous_{n}", "unmatched", "unmatched", False) for n in range(anonymous)]
    questions = random_questions(randomly)
    answers = []
    for number, person in enumerate(respondents):
        for response in range(2 if person.is_rep and randomly.random() < 0.05 else 1):
            for question, dimension, scale_max, asked_share in questions:
                if randomly.random() >= asked_share or randomly.random() < skip_share:
                    continue
                score = randomly.randint(0 if scale_max == 10 else 1, scale_max)
                answers.append(
                    Answer(
                        person,
                        f"{program}_{number}_{response}",
                        question,
                        dimension,
                        scale_max,
                        None if randomly.random() < skip_share else score,
                    )
                )
    return answers


def random_case(number: int) -> Case:
    """Return the program of a random company; the same number gives the same."""
    randomly = random.Random(number)  # noqa: S311
    program = f"company_{number:04}"
    shape = randomly.choice(SHAPES)
    people = [
        Person(f"{program}_{role}_{quarter}_{n}", role, quarter, randomly.random() < 0.9)
        for (role, quarter), size in shape(randomly).items()
        for n in range(size)
    ]
    learners = randomly.choice([0, 0, 1, 3])
    people += [Person(f"{program}_learner_{n}", "unmatched", "unmatched") for n in range(learners)]
    return Case(program, shape.__name__, people, random_answers(randomly, program, people))


def contributions(case: Case) -> dict[Metric, dict[Atom, list[float]]]:
    """Return what each respondent adds to the numerator of each survey result, from the definitions, by group."""
    found: dict[Metric, dict[str, tuple[Person, float]]] = defaultdict(dict)
    for answer in case.answers:
        person = answer.person
        found["response_rate", "all"][person.key] = (person, 1.0)
        if answer.score is None:
            continue
        if answer.dimension != "nps":
            metric, amount = ("mean_score", answer.dimension), answer.score_rate
        elif answer.scale_max == 10:
            metric, amount = ("nps", "all"), (1.0 if answer.score >= 9 else -1.0 if answer.score <= 6 else 0.0)
        else:
            continue
        found[metric][person.key] = (person, amount + found[metric].get(person.key, (person, 0.0))[1])
    by_atom: dict[Metric, dict[Atom, list[float]]] = {metric: defaultdict(list) for metric in found}
    for metric, amounts in found.items():
        for person, amount in amounts.values():
            by_atom[metric][person.role, person.quarter].append(amount)
    return by_atom


# ---- what is published, and the truth behind it ----------------------------------------------------------------------


@dataclass
class Result:
    """A survey result of a program by cohort: the truth, and what is published of it."""

    program: str
    metric: str
    breakdown: str
    # What each respondent adds, by role family and hire quarter.
    atoms: dict[Atom, list[float]]
    # Numerator and people of the cells that are shown.
    shown: dict[Cell, tuple[float, int]] = field(default_factory=dict)
    withheld: set[Cell] = field(default_factory=set)

    @property
    def name(self) -> Metric:
        return (self.metric, self.breakdown)

    def inside(self, cell: Cell) -> set[Atom]:
        """Return the groups of a cell that anybody answered in."""
        kind, cohort = cell
        return {atom for atom in self.atoms if kind == "all" or atom[kind == "hire_quarter"] == cohort}

    def people(self, cell: Cell) -> int:
        """Return the true number of people of a cell."""
        return sum(len(self.atoms[atom]) for atom in self.inside(cell))

    def numerator(self, cell: Cell) -> float:
        """Return the true numerator of a cell."""
        return sum(sum(self.atoms[atom]) for atom in self.inside(cell))

    def showing(self, cells: Iterable[Cell]) -> Result:
        """Return the same result as if these withheld cells were shown."""
        more = {cell: (self.numerator(cell), self.people(cell)) for cell in cells}
        return Result(
            self.program, self.metric, self.breakdown, self.atoms, self.shown | more, self.withheld - more.keys()
        )


@dataclass(frozen=True)
class Exposure:
    """Something withheld that can be worked out: a cell, a group of few, its people, or questions of few."""

    program: str
    metric: str
    breakdown: str
    kind: str
    what: tuple


def by_program(results: Iterable[Result]) -> dict[str, list[Result]]:
    """Return results by their program."""
    found: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        found[result.program].append(result)
    return found


# ---- sums ------------------------------------------------------------------------------------------------------------


def without(row: list[int], column: int, known: list[int]) -> list[int]:
    """Return a row less as much of another as makes its value in a column 0, in whole numbers without common factor."""
    if not row[column]:
        return row
    rest = [known[column] * left - row[column] * right for left, right in zip(row, known, strict=True)]
    return [value // (gcd(*rest) or 1) for value in rest]


def null_space(rows: list[list[int]], width: int) -> list[list[int]]:
    """Return whole vectors that span what a system of equations leaves open, by exact elimination."""
    # Pivot column of each reduced row.
    reduced: dict[int, list[int]] = {}
    for source in rows:
        row = source
        for pivot, known in reduced.items():
            row = without(row, pivot, known)
        pivot = next((column for column, value in enumerate(row) if value), None)
        if pivot is not None:
            reduced = {column: without(known, pivot, row) for column, known in reduced.items()}
            reduced[pivot] = row
    vectors = []
    for free in sorted(set(range(width)) - reduced.keys()):
        # A common multiple of the pivots keeps all others whole.
        scale = lcm(*(known[pivot] for pivot, known in reduced.items()))
        vector = [0] * width
        vector[free] = scale
        for pivot, known in reduced.items():
            vector[pivot] = -known[free] * scale // known[pivot]
        vectors.append([value // gcd(*vector) for value in vector])
    return vectors


def small_groups(open_parts: list[tuple[int, ...]], weights: list[int], limit: int) -> list[tuple[int, ...]]:
    """Return the sets of unknowns of at most so many people whose sum follows.

    Args:
        open_parts: by unknown, its value in each vector of the null space. A sum follows where these add to 0.
        weights: by unknown, its people (at least one).
        limit: the most people of a set, at most four: a set is then put together of two halves of up to two unknowns.

    """
    width = len(open_parts[0]) if open_parts else 0
    halves: dict[tuple[int, ...], list[tuple[int, ...]]] = defaultdict(list)
    for size in (0, 1, 2):
        for half in combinations(range(len(weights)), size):
            if sum(weights[index] for index in half) <= limit:
                halves[tuple(sum(open_parts[index][part] for index in half) for part in range(width))].append(half)
    found = set()
    for total, firsts in halves.items():
        for second in halves.get(tuple(-value for value in total), []):
            for first in firsts:
                both = tuple(sorted({*first, *second}))
                if both and len(both) == len(first) + len(second) and sum(weights[i] for i in both) <= limit:
                    found.add(both)
    return sorted(found)


def exposed_by_subtraction(result: Result) -> list[Exposure]:
    """Return the withheld cells, and the groups of too few people, whose sums follow from the cells that are shown.

    The unknowns are the sums of the groups of role family and hire quarter in which anybody answered; every shown cell
    is an equation. Numerator, denominator and people are such sums: what follows for one, follows for all.
    """
    atoms = sorted(result.atoms)
    cells = [result.inside(cell) for cell in sorted(result.shown)]
    rows = [[int(atom in inside) for atom in atoms] for inside in cells]
    open_vectors = null_space(rows, len(atoms))
    open_parts = [tuple(vector[index] for vector in open_vectors) for index in range(len(atoms))]
    exposures = []
    for cell in sorted(result.withheld):
        inside = [parts for atom, parts in zip(atoms, open_parts, strict=True) if atom in result.inside(cell)]
        if inside and not any(sum(values) for values in zip(*inside, strict=True)):
            exposures.append(Exposure(result.program, *result.name, "cell", cell))
    for group in small_groups(open_parts, [len(result.atoms[atom]) for atom in atoms], MIN_GROUP_SIZE - 1):
        exposures.append(Exposure(result.program, *result.name, "group", tuple(atoms[index] for index in group)))
    return exposures


def recovered(result: Result, cell: Cell) -> float | None:
    """Return the numerator of a withheld cell as worked out from the shown ones; None where it does not follow."""
    atoms, shown = sorted(result.atoms), sorted(result.shown)
    # A row per group, a column per shown cell, and last what is asked for.
    rows = [[Fraction(atom in result.inside(known)) for known in (*shown, cell)] for atom in atoms]
    pivots: list[int] = []
    for column in range(len(shown)):
        target = len(pivots)
        number = next((n for n in range(target, len(rows)) if rows[n][column]), None)
        if number is None:
            continue
        rows[target], rows[number] = rows[number], rows[target]
        leading = [value / rows[target][column] for value in rows[target]]
        rows = [
            leading if n == target else [left - row[column] * right for left, right in zip(row, leading, strict=True)]
            for n, row in enumerate(rows)
        ]
        pivots.append(column)
    if any(row[-1] for row in rows[len(pivots) :]):
        return None
    return float(sum(rows[n][-1] * Fraction(result.shown[shown[column]][0]) for n, column in enumerate(pivots)))


# ---- numbers of people -----------------------------------------------------------------------------------------------


class Bounds:
    """Least and most that numbers of people can be, narrowed by sums and by comparisons until nothing changes."""

    def __init__(self) -> None:
        """Start without any number."""
        self.low: dict[tuple, float] = {}
        self.high: dict[tuple, float] = {}
        self.sums: list[tuple[tuple, list[tuple]]] = []
        self.not_more: list[tuple[tuple, tuple]] = []

    def narrow(self) -> None:
        """Take every sum and comparison into account."""
        before = None
        while before != (self.low, self.high):
            before = (dict(self.low), dict(self.high))
            for total, parts in self.sums:
                least, most = sum(self.low[part] for part in parts), sum(self.high[part] for part in parts)
                self.low[total] = max(self.low[total], least)
                self.high[total] = min(self.high[total], most)
                for part in parts:
                    self.high[part] = min(self.high[part], self.high[total] - (least - self.low[part]))
                    if most < inf:
                        self.low[part] = max(self.low[part], self.low[total] - (most - self.high[part]))
            for part, whole in self.not_more:
                self.high[part] = min(self.high[part], self.high[whole])
                self.low[whole] = max(self.low[whole], self.low[part])


def exposed_by_bounds(results: list[Result], least: int, telling: set[Cell]) -> list[Exposure]:
    """Return the withheld cells of too few people whose number of people can be one number only.

    Bounds are narrowed over all results of a program: the cells of a cohort type add up to all, the groups of role
    family and hire quarter to both; who answered a question has answered the survey; a withheld total is too small.

    Args:
        results: the results of one program.
        least: what a withheld cohort is known to have at least (1 where those that nobody answered in are shown).
        telling: cohorts that somebody must have answered in, since nobody else is in them.

    """
    bounds = Bounds()
    answered = next(result for result in results if result.metric == "response_rate")
    for result in results:
        cells = {*result.shown, *result.withheld}
        for cell in cells:
            low, high = least, inf
            if cell in result.shown:
                low = high = result.shown[cell][1]
            elif cell == ALL:
                low, high = 1, MIN_GROUP_SIZE - 1
            elif result is answered and cell in telling:
                low = 1
            bounds.low[result.name, cell], bounds.high[result.name, cell] = low, high
        for atom in answered.atoms:
            bounds.low[result.name, atom], bounds.high[result.name, atom] = 0, inf
        for kind in ("role_family", "hire_quarter"):
            parts = [cell for cell in cells if cell[0] == kind]
            bounds.sums.append(((result.name, ALL), [(result.name, cell) for cell in parts]))
            for cell in parts:
                bounds.sums.append(((result.name, cell), [(result.name, atom) for atom in answered.inside(cell)]))
        if result is not answered:
            both = [*cells, *answered.atoms]
            bounds.not_more += [((result.name, part), (answered.name, part)) for part in both]
    bounds.narrow()
    return [
        Exposure(result.program, *result.name, "people", cell)
        for result in results
        for cell in sorted(result.withheld)
        if 0 < result.people(cell) < MIN_GROUP_SIZE and bounds.low[result.name, cell] == bounds.high[result.name, cell]
    ]


def telling_cohorts(cases: list[Case], results: list[Result]) -> dict[str, set[Cell]]:
    """Return by program the cohorts whose rows are there only because somebody answered: nobody took part.

    A cohort that has a row in every program tells nothing.
    """
    cells: dict[str, set[Cell]] = defaultdict(set)
    for result in results:
        cells[result.program] |= {*result.shown, *result.withheld}
    everywhere = set.intersection(*cells.values())
    telling = {program: set() for program in cells}
    for case in cases:
        known = {("role_family", person.role) for person in case.people}
        known |= {("hire_quarter", person.quarter) for person in case.people}
        telling[case.program] = cells[case.program] - known - everywhere
    return telling


def attack(cases: list[Case], results: list[Result]) -> list[Exposure]:
    """Return everything that can be worked out from the published survey results.

    Args:
        cases: who took part in the programs, as far as known.
        results: the published results of all programs.

    """
    # Where some withheld cells are empty, nobody can take for granted that anybody is in one.
    least = 0 if any(cell != ALL and not result.people(cell) for result in results for cell in result.withheld) else 1
    telling = telling_cohorts(cases, results)
    exposures = [exposure for result in results for exposure in exposed_by_subtraction(result)]
    for program, of_program in by_program(results).items():
        exposures += exposed_by_bounds(of_program, least, telling[program])
    return exposures


# ---- answers one by one ----------------------------------------------------------------------------------------------


def exposed_questions(case: Case, shown: set[tuple], results: list[Result]) -> list[Exposure]:
    """Return the questions of too few people whose answers are shown, or follow from what is shown.

    The unknowns are the sums of the answers to each question. The total of its dimension is an equation where it is
    shown for all, and so is every question that is shown.

    Args:
        case: the program.
        shown: the questions whose answers are shown, with dimension, least and highest score.
        results: the published results of the program.

    """
    respondents: dict[tuple, set[str]] = defaultdict(set)
    by_total: dict[Metric, set[tuple]] = defaultdict(set)
    for answer in case.answers:
        if answer.score is not None:
            respondents[answer.asked].add(answer.person.key)
            is_nps = answer.dimension == "nps"
            nps_total = ("nps", "all" if answer.scale_max == 10 else "another scale")
            by_total[nps_total if is_nps else ("mean_score", answer.dimension)].add(answer.asked)
    few = sorted(question for question in shown if len(respondents[question]) < MIN_GROUP_SIZE)
    exposures = [Exposure(case.program, "answers", question[1], "shown", question) for question in few]
    shown_totals = {result.name for result in results if ALL in result.shown}
    for total, of_total in by_total.items():
        questions = sorted(of_total)
        rows = [[int(other == question) for other in questions] for question in questions if question in shown]
        rows += [[1] * len(questions)] if total in shown_totals else []
        open_vectors = null_space(rows, len(questions))
        hidden = [index for index, question in enumerate(questions) if question not in shown]
        for size in range(1, len(hidden) + 1):
            for group in combinations(hidden, size):
                people = set().union(*(respondents[questions[index]] for index in group))
                follows = not any(sum(vector[index] for index in group) for vector in open_vectors)
                if follows and (size == 1 or len(people) < MIN_GROUP_SIZE):
                    what = tuple(questions[index] for index in group)
                    exposures.append(Exposure(case.program, *total, "questions", what))
    return exposures
