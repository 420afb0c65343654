"""Words that ask a model to lay open its reasoning; public, so they score behaviour and never link."""

from __future__ import annotations

_PHRASES = (
    r"step[- ]by[- ]step",
    r"chain[- ]of[- ]thought",
    r"<(think|thinking|reasoning|scratchpad)>",
    r"(show|give|write|lay|set|spell|include|provide|record|document|list|narrate|expose|print)\w*\b.{0,40}"
    r"\b(work|working|workings|reasoning|thinking|thought process|derivation|rationale|deliberation|steps|inference)",
    r"(explain|justify|describe|detail|defend|motivate)\w*\b.{0,40}"
    r"\b(reasoning|steps?|each|every|why|how you|thinking|logic|thought process|rationale|choice)",
    r"(think|reason|work)(ing)?\s+(\w+\s+)?(aloud|out loud|through|it out|carefully|before)",
    r"walk\s+(me\s+)?(\w+\s+)?through",
    r"before (you )?(giving|stating|answering|committing|writing|reaching|the (final )?answer|concluding)",
    r"(intermediate|individual|every|each|all) (steps?|results?|inference|deduction|stage)",
    r"\b(rationale|derivation|self-critique|reasoning trace|thought process|inner monologue)\b",
    r"(reasoning|thinking|analysis) (trace|steps|process|first)",
    r"how (you|did you|do you) (arrive|arrived|got|get|reach|reached|know)",
    r"paso a paso|razonamiento|razona|schritt f(ü|ue)r schritt|begründe|denkweg|langkah demi langkah|penalaran",
    r"étape par étape|raisonnement|пошагово|рассужд|一步一步|逐步|思考过程|推理|ステップ|段階的",
)
ELICITATION = "(?i)" + "|".join(f"({phrase})" for phrase in _PHRASES)
"""One regular expression for RE2."""
