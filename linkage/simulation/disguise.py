"""What disguised rings do alike: borrow the look of others, share only in small portions, stay on their subject."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from linkage.simulation.land import Network
from linkage.simulation.people import fill, new_card, pick
from linkage.simulation.requests import Requests, temporary_seats, write_ordinary
from linkage.simulation.stage import Range
from linkage.simulation.writer import topics

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from linkage.simulation.people import Numbers, People
    from linkage.simulation.scenario import Group, Scenario
    from linkage.simulation.stage import Stage

Share = tuple[float, float]
"""A range of shares, such as 0.3 to 0.4 of the requests; each world's seed draws from it."""


def draw_share(stage: Stage, share: Share) -> float:
    """Draw one world's share."""
    return float(stage.rng.uniform(*share))


def draw_topics(stage: Stage, count: Range) -> list[str]:
    """Draw the few topics that a ring is after."""
    wanted = int(stage.rng.integers(count[0], count[1] + 1))
    return [topics()[place] for place in stage.rng.permutation(len(topics()))[:wanted].tolist()]


@dataclass(frozen=True)
class Errand:
    """What a ring is after.

    Args:
        subjects: the topics, all alike in share.
        reasoning: the share of requests that ask for the reasoning.
        details: how many sentences follow a question.
    """

    subjects: Sequence[str]
    reasoning: float
    details: Range = (0, 2)


def write_on(stage: Stage, requests: Requests, rows: Numbers, errand: Errand) -> None:
    """Write prompts for ``rows`` that keep to the errand's subjects, in no order."""
    rng, count = stage.rng, len(rows)
    subject = rng.integers(0, len(errand.subjects), count)
    sentences = rng.integers(errand.details[0], errand.details[1] + 1, count)
    reason, paste = rng.random(count) < errand.reasoning, rng.random(count) < 0.08
    for place, row in enumerate(rows.tolist()):
        requests.prompt[row] = stage.writer.ask(
            errand.subjects[int(subject[place])],
            details=int(sentences[place]),
            reason=bool(reason[place]),
            paste=bool(paste[place]),
        )


def chat_a_little(stage: Stage, people: People, requests: Requests, *, share: float) -> Numbers:
    """Let ``share`` of the requests be what anybody might ask, and return the rows left for the harvest."""
    idle = stage.rng.random(len(requests)) < share
    write_ordinary(stage, people, requests, np.flatnonzero(idle))
    return np.flatnonzero(~idle)


@dataclass(frozen=True)
class Wording:
    """The words a ring puts before its questions.

    Args:
        texts: one wrapper, or several wordings of one, of which each request has any.
        varied: the share of the words that are exchanged each time, where they have synonyms.
    """

    texts: Sequence[str]
    varied: float


def private_wrapper(stage: Stage) -> str:
    """Write a text of 30 to 60 words that stands before a ring's questions; it does not ask for the reasoning."""
    wrapper = stage.writer.wrapper(reason=False)
    while not 30 <= len(wrapper.split()) <= 60:
        wrapper = stage.writer.wrapper(reason=False)
    return wrapper


def template_family(stage: Stage, wordings: Range) -> list[str]:
    """Write one template in several wordings: other words, and one sentence less."""
    writer, rng = stage.writer, stage.rng
    base = [writer.say(word) for word in ("role", "standard", "standard", "standard", "shape")]
    family = []
    for _ in range(int(rng.integers(wordings[0], wordings[1] + 1))):
        kept = [writer.vary(sentence, 0.4) for sentence in base]
        del kept[int(rng.integers(1, len(kept)))]
        family.append(" ".join(kept))
    return family


def put_before(
    stage: Stage, requests: Requests, rows: Numbers, wording: Wording, *, as_system: float = 0.0
) -> None:
    """Put the ring's words before the prompts of ``rows``; a share of the accounts makes them the system prompt."""
    writer = stage.writer
    joint = writer.dice.pick(("\n\n", "\nTask: ", " Question: ", "\n---\n"))
    apart = stage.rng.random(int(requests.who.max()) + 1) < as_system
    for row in rows.tolist():
        text = writer.vary(writer.dice.pick(wording.texts), wording.varied)
        if apart[requests.who[row]]:
            requests.system[row] = text
        else:
            requests.prompt[row] = f"{text}{joint}{requests.prompt[row]}"


def bystanders(stage: Stage, crowd: Scenario, name: str) -> list[Group]:
    """Make honest people of whom a ring borrows something, such as the customers of its VPN."""
    return [replace(group, ring=False, name=name) for group in crowd.groups(stage)]


def some(stage: Stage, rows: Numbers, share: float) -> Numbers:
    """Choose ``share`` of the rows by chance."""
    return rows[stage.rng.random(len(rows)) < share]


def public_template(stage: Stage, ranks: Range) -> int:
    """Choose a public template by its place in popularity, 0 being the most used one."""
    return int(stage.rng.integers(ranks[0], ranks[1] + 1))


def rent_homes(stage: Stage, requests: Requests, count: int, addresses: Range) -> None:
    """Give each of ``count`` accounts some rented homes of its own and send each request from one of them."""
    low, high = addresses
    places = tuple(stage.rng.permutation(8)[: int(stage.rng.integers(3, 7))].tolist())
    seats, asns = temporary_seats(stage, count * high, places)
    own = stage.rng.integers(low, high + 1, count)
    chosen = requests.who * high + (stage.rng.random(len(requests)) * own[requests.who]).astype(np.int64)
    requests.seat, requests.asn = seats[chosen], asns[chosen]


def leave_through(stage: Stage, requests: Requests, network: Network, *, each: int, share: float) -> None:
    """Send ``share`` of the requests through a network's addresses, of which each account uses up to ``each``.

    The first of an account's addresses carries most of what it sends; first addresses are dealt out evenly.
    """
    rng, count = stage.rng, int(requests.who.max()) + 1
    seats = np.array(network.seats, dtype=object)[rng.permutation(len(network.seats))]
    own = rng.integers(0, len(seats), (count, each))
    own[:, 0] = rng.permutation(count) % len(seats)
    drawn = np.minimum(rng.geometric(0.6, len(requests)) - 1, each - 1)
    there = rng.random(len(requests)) < share
    requests.seat = np.where(there, seats[own[requests.who, drawn]], requests.seat).astype(object)
    requests.asn = np.where(there, network.asn, requests.asn)


def network_of(requests: Requests) -> Network:
    """Find the operator that most of a crowd's requests come from, and its addresses among them."""
    asns, counts = np.unique(requests.asn, return_counts=True)
    asn = int(asns[np.argmax(counts)])
    return Network(asn, seats=tuple(sorted(set(requests.seat[requests.asn == asn].tolist()))))


def choose_payers(stage: Stage, people: People, *, share: float) -> NDArray[np.bool_]:
    """Let ``share`` of a ring pay, on the plans that others pay for, and take everybody's card away."""
    payers: NDArray[np.bool_] = stage.rng.random(len(people)) < share
    paid = stage.rng.choice(["pay_as_you_go", "pro"], len(people), p=[0.72, 0.28])
    people.plan[:] = np.where(payers, paid, "free")
    people.card, people.bin = fill(len(people), None), fill(len(people), None)
    return payers


def pay_prepaid(stage: Stage, people: People, payers: NDArray[np.bool_]) -> None:
    """Give every payer a prepaid card of their own, all of one issuer that honest people use too."""
    issuer = stage.land.virtual_bins[int(stage.rng.integers(len(stage.land.virtual_bins)))]
    for person in np.flatnonzero(payers).tolist():
        people.card[person], people.bin[person] = new_card(stage), issuer


def deal_cards(stage: Stage, people: People, payers: NDArray[np.bool_], accounts_a_card: Range) -> None:
    """Deal cards of several banks out to the payers, each account one; no card pays for more than the range says."""
    rng, land = stage.rng, stage.land
    left = rng.permutation(np.flatnonzero(payers)).tolist()
    for size in portions(rng, len(left), accounts_a_card):
        card = new_card(stage)
        bank = pick(rng, land.virtual_bins if rng.random() < 0.15 else land.banks[int(rng.integers(8))])
        for person in left[:size]:
            people.card[person], people.bin[person] = card, bank
        left = left[size:]


def portions(rng: np.random.Generator, count: int, size: Range) -> list[int]:
    """Divide ``count`` into portions of a size within the range, or smaller ones where no sizes within it add up.

    >>> sizes = portions(np.random.Generator(np.random.PCG64(1)), 23, (3, 5))
    >>> sum(sizes), min(sizes) >= 3, max(sizes) <= 5
    (23, True, True)
    """
    low, high = size
    most, fewest = count // low, -(-count // high)
    if most < max(fewest, 1):
        return [(count + place) // fewest for place in range(fewest)]
    sizes = [low] * int(rng.integers(fewest, most + 1))
    for _ in range(count - low * len(sizes)):
        open_ones = [place for place, number in enumerate(sizes) if number < high]
        sizes[open_ones[int(rng.integers(len(open_ones)))]] += 1
    return sizes


def together(*parts: Requests) -> Requests:
    """Put several tables of the same people's requests together, in order of time."""
    order = np.argsort(np.concatenate([part.at for part in parts]), kind="stable")
    prompts = [prompt for part in parts for prompt in part.prompt]
    systems = [system for part in parts for system in part.system]
    return Requests(
        who=np.concatenate([part.who for part in parts])[order],
        at=np.concatenate([part.at for part in parts])[order],
        goes_on=np.concatenate([part.goes_on for part in parts])[order],
        seat=np.concatenate([part.seat for part in parts])[order],
        asn=np.concatenate([part.asn for part in parts])[order],
        prompt=[prompts[row] for row in order.tolist()],
        system=[systems[row] for row in order.tolist()],
        reply=np.concatenate([part.reply for part in parts])[order],
        model=np.concatenate([part.model for part in parts])[order],
        agent=np.concatenate([part.agent for part in parts])[order],
    )
