"""A hub makes the same token for all members, proves it, and sees nothing; two implementations of RFC 9497 agree."""

from __future__ import annotations

import hashlib
from itertools import pairwise

import pytest

from linkage.errors import DataError, MissingPartError
from linkage.sharing import oprf
from linkage.sharing.oprf import Blinding, HubKey, blind, message
from linkage.sharing.tokens import base32

ristretto = pytest.importorskip("voprf").ristretto
HUB = HubKey(bytes(range(32)), "2026q4")
VALUES = ["203.0.113.7", "2001:db8::7", "203.0.113.8"]


def made(values, kind="ip", hub=HUB):
    asked = blind(kind, hub.epoch, values)
    return asked.tokens(hub.evaluate(asked.blinded), hub.public_key)


def test_two_members_get_the_same_token_for_the_same_value():
    ours, theirs = made(VALUES), made([" 203.0.113.8 ", "198.51.100.1", "203.0.113.7"])

    assert (ours[0], ours[2]) == (theirs[2], theirs[0])
    assert len({*ours, *theirs}) == 4
    assert all(len(token) == 52 for token in ours)


def test_two_requests_for_one_value_share_no_bytes():
    first, second = (b"".join(blind("ip", "2026q4", ["203.0.113.7"] * 3).blinded) for _ in range(2))
    common = {first[at : at + 4] for at in range(len(first))} & {
        second[at : at + 4] for at in range(len(second))
    }

    assert len(first) == len(second) == 96
    assert len({first[:32], first[32:64], first[64:]}) == 3
    assert not {part for part in common if len(part) == 4}


def test_another_kind_or_quarter_is_another_token():
    other = HubKey(HUB.secret, "2027q1")

    assert len({made(VALUES)[0], made(VALUES, kind="network")[0], made(VALUES, hub=other)[0]}) == 3
    assert other.public_key != HUB.public_key


def test_a_hub_that_uses_another_key_than_the_pinned_one_is_caught():
    asked = blind("ip", "2026q4", VALUES)
    evaluation = HubKey(bytes(32), "2026q4").evaluate(asked.blinded)

    with pytest.raises(DataError, match="does not prove"):
        asked.tokens(evaluation, HUB.public_key)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: b"",
        lambda answer: answer[:-1],
        lambda answer: answer + b"\0",
        lambda answer: answer[:64] + answer[96:128] + answer[64:96] + answer[128:],
        lambda answer: bytes(len(answer)),
        lambda answer: b"\xff" * len(answer),
        lambda answer: answer[:-1] + bytes([answer[-1] ^ 1]),
    ],
)  # fmt: skip
def test_an_answer_that_was_changed_is_refused(spoil):
    asked = blind("ip", "2026q4", VALUES)

    with pytest.raises(DataError):
        asked.tokens(spoil(HUB.evaluate(asked.blinded)), HUB.public_key)


def test_an_answer_to_another_request_is_refused():
    one, other = (blind("ip", "2026q4", VALUES) for _ in range(2))

    with pytest.raises(DataError):
        one.tokens(HUB.evaluate(other.blinded), HUB.public_key)


@pytest.mark.parametrize("key", [b"", bytes(32), b"\xff" * 32])
def test_a_pinned_key_that_is_none_is_refused(key):
    asked = blind("ip", "2026q4", VALUES)

    with pytest.raises(DataError, match="public key"):
        asked.tokens(HUB.evaluate(asked.blinded), key)


@pytest.mark.parametrize("element", [b"", bytes(32), b"\xff" * 32, b"\1" * 31])
def test_a_hub_evaluates_nothing_but_elements(element):
    with pytest.raises(DataError):
        HUB.evaluate([*blind("ip", "2026q4", VALUES).blinded, element])


def test_requests_and_values_are_bounded():
    assert made(["x" * 1024])
    for values in ([], ["203.0.113.7"] * 10_001, ["x" * 1025], ["é" * 600], ["  "]):
        with pytest.raises(DataError):
            blind("ip", "2026q4", values)
    with pytest.raises(DataError):
        HUB.evaluate([])
    with pytest.raises(DataError):
        blind("ip", "last quarter", VALUES)
    with pytest.raises(DataError):
        HubKey(b"short", "2026q4")


def test_a_refusal_does_not_tell_the_value():
    with pytest.raises(DataError) as refusal:
        blind("ip", "2026q4", ["203.0.113.7" * 100])

    assert "203.0" not in str(refusal.value)


def test_secrets_are_not_shown():
    asked = blind("ip", "2026q4", VALUES)

    assert "secrets" not in repr(asked)
    assert repr(HUB) == "HubKey(epoch='2026q4')"


def test_without_the_library_the_part_to_install_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "voprf", None)

    with pytest.raises(MissingPartError, match=r"linkage-rings\[oprf\]"):
        blind("ip", "2026q4", VALUES)


# What follows computes RFC 9497 from its text with libsodium's group, and shares no line with what it is compared to.

CONTEXT = b"OPRFV1-\x01-ristretto255-SHA512"
# RFC 9497, A.1.2: mode 1, seed a3..., key info "test key".
SECRET = bytes.fromhex("e6f73f344b79b379f1a0dd37e07ff62e38d9f71345ce62ae3a9bc60b04ccd909")
PUBLIC = bytes.fromhex("c803e2cc6b05fc15064549b5920659ca4a77b2cca6f04f6b357009335476ad4e")
BLIND = bytes.fromhex("64d37aed22a27f5191de1c1d69fadb899d8862b58eb4220029e036ec4c1f6706")
BLINDED = bytes.fromhex("863f330cc1a1259ed5a5998a23acfd37fb4351a793a5b3c090b642ddc439b945")
EVALUATED = bytes.fromhex("aa8fa048764d5623868679402ff6108d2521884fa138cd7f9c7669a9a014267e")
PROOF = bytes.fromhex(
    "ddef93772692e535d1a53903db24367355cc2cc78de93b3be5a8ffcc6985dd06"
    "6d4346421d17bf5117a2a1ff0fcb2a759f58a539dfbe857a40bce4cf49ec600d"
)
PROOF_SCALAR = bytes.fromhex("222a5e897cf59db8145db8d16e597e8facb80ae7d4e26d9881aa6f61d645fc0e")
OUTPUTS = {
    b"\0": "b58cfbe118e0cb94d79b5fd6a6dafb98764dff49c14e1770b566e42402da1a7d"
    "a4d8527693914139caee5bd03903af43a491351d23b430948dd50cde10d32b3c",
    b"Z" * 17: "8a9a2f3c7f085b65933594309041fc1898d42d0858e59f90814ae90571a6df60"
    "356f4610bf816f27afdd84f47719e480906d27ecd994985890e5f539e7ea74b6",
}


@pytest.fixture(scope="module")
def sodium():
    return pytest.importorskip("rbcl")


def expand(text, purpose):
    """expand_message_xmd of RFC 9380, one block long."""
    tag = purpose + CONTEXT
    tag += bytes([len(tag)])
    first = hashlib.sha512(bytes(128) + text + b"\0\x40\0" + tag).digest()
    return hashlib.sha512(first + b"\1" + tag).digest()


def sized(*parts):
    return b"".join(len(part).to_bytes(2, "big") + part for part in parts)


class Reference:
    """Both sides of the protocol, on libsodium."""

    def __init__(self, sodium):
        self.group = sodium

    def element(self, text):
        return self.group.crypto_core_ristretto255_from_hash(expand(text, b"HashToGroup-"))

    def scalar(self, text):
        return self.group.crypto_core_ristretto255_scalar_reduce(expand(text, b"HashToScalar-"))

    def times(self, scalar, element):
        return self.group.crypto_scalarmult_ristretto255(scalar, element)

    def composites(self, public, asked, answered):
        seed = hashlib.sha512(sized(public, b"Seed-" + CONTEXT)).digest()
        sums = None
        for number, (one, other) in enumerate(zip(asked, answered, strict=True)):
            text = sized(seed) + number.to_bytes(2, "big") + sized(one, other) + b"Composite"
            weighed = [self.times(self.scalar(text), element) for element in (one, other)]
            sums = (
                weighed if sums is None else list(map(self.group.crypto_core_ristretto255_add, sums, weighed))
            )
        return sums

    def prove(self, secret, public, asked, answered, random):
        m, z = self.composites(public, asked, answered)
        commitments = (self.group.crypto_scalarmult_ristretto255_base(random), self.times(random, m))
        challenge = self.scalar(sized(public, m, z, *commitments) + b"Challenge")
        taken = self.group.crypto_core_ristretto255_scalar_mul(challenge, secret)
        return challenge + self.group.crypto_core_ristretto255_scalar_sub(random, taken)

    def proves(self, public, asked, answered, proof):
        m, z = self.composites(public, asked, answered)
        challenge, response = proof[:32], proof[32:]
        add = self.group.crypto_core_ristretto255_add
        first = add(self.group.crypto_scalarmult_ristretto255_base(response), self.times(challenge, public))
        second = add(self.times(response, m), self.times(challenge, z))
        return challenge == self.scalar(sized(public, m, z, first, second) + b"Challenge")

    def finish(self, text, blind_, answered):
        inverse = self.group.crypto_core_ristretto255_scalar_invert(blind_)
        return hashlib.sha512(sized(text, self.times(inverse, answered)) + b"Finalize").digest()


@pytest.fixture(scope="module")
def reference(sodium):
    return Reference(sodium)


@pytest.mark.parametrize("text", sorted(OUTPUTS))
def test_the_library_reproduces_the_vectors_of_the_rfc(text):
    evaluator = ristretto.Evaluator.from_seed(b"\xa3" * 32, b"test key")

    assert evaluator.public_key.serialize() == PUBLIC
    assert evaluator.evaluate_known_input(text).hex() == OUTPUTS[text]
    answer = evaluator.evaluate_batch([ristretto.BlindedInput.deserialize(BLINDED)]).serialize()
    assert answer[64:] == EVALUATED


def test_the_reference_reproduces_the_vectors_of_the_rfc(reference):
    assert reference.times(BLIND, reference.element(b"\0")) == BLINDED
    assert reference.times(SECRET, BLINDED) == EVALUATED
    assert reference.prove(SECRET, PUBLIC, [BLINDED], [EVALUATED], PROOF_SCALAR) == PROOF
    assert reference.proves(PUBLIC, [BLINDED], [EVALUATED], PROOF)
    assert not reference.proves(PUBLIC, [EVALUATED], [BLINDED], PROOF)
    assert reference.finish(b"\0", BLIND, EVALUATED).hex() == OUTPUTS[b"\0"]


def test_a_member_on_the_reference_gets_the_tokens_of_our_hub(reference):
    texts = [message("ip", "2026q4", value.encode()) for value in VALUES]
    blinds = [reference.group.crypto_core_ristretto255_scalar_random() for _ in texts]
    asked = [reference.times(each, reference.element(text)) for each, text in zip(blinds, texts, strict=True)]

    answer = HUB.evaluate(asked)

    answered = [answer[start:stop] for start, stop in pairwise(range(64, len(answer) + 1, 32))]
    outputs = map(reference.finish, texts, blinds, answered)
    assert reference.proves(HUB.public_key, asked, answered, answer[:64])
    assert [base32(output[:32]) for output in outputs] == made(VALUES)


def test_our_member_accepts_a_hub_on_the_reference_and_only_its_true_answers(reference):
    asked = blind("ip", "2026q4", VALUES)
    answered = [reference.times(SECRET, element) for element in asked.blinded]
    proof = reference.prove(SECRET, PUBLIC, asked.blinded, answered, PROOF_SCALAR)
    # The first value under a key for this member alone.
    of_another_key = reference.times(BLIND, asked.blinded[0])

    expected = [
        reference.finish(
            text, BLIND, reference.times(SECRET, reference.times(BLIND, reference.element(text)))
        )
        for text in (message("ip", "2026q4", value.encode()) for value in VALUES)
    ]
    assert asked.tokens(proof + b"".join(answered), PUBLIC) == [base32(output[:32]) for output in expected]
    with pytest.raises(DataError):
        asked.tokens(proof + b"".join([of_another_key, *answered[1:]]), PUBLIC)


def test_only_a_failed_proof_is_taken_for_one(monkeypatch):
    class Interrupted:
        Client = None

        class PublicKey:
            @staticmethod
            def deserialize(_):
                raise KeyboardInterrupt

    monkeypatch.setattr(oprf, "_library", lambda: Interrupted)

    with pytest.raises(KeyboardInterrupt):
        Blinding((), ()).tokens(bytes(64), PUBLIC)
