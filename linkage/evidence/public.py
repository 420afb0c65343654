"""Phrases that everybody puts into prompts: they link nobody, or whole rings would melt together through them."""

from __future__ import annotations

PUBLIC_PHRASES = (
    "act as an expert in",
    "answer the following question",
    "as an ai language model",
    "before giving the final answer",
    "before you answer",
    "do not include any explanation",
    "explain it like i am five",
    "explain your answer",
    "explain your reasoning",
    "explain your reasoning in detail",
    "explain your reasoning step by step",
    "explain your thought process",
    "give a detailed explanation",
    "give me a list of",
    "i want you to act as",
    "in the following format",
    "let us think step by step",
    "let s think about this step by step",
    "let s think step by step",
    "let s work this out in a step by step way to be sure we have the right answer",
    "only output the final answer",
    "output only valid json",
    "please answer the following question",
    "please explain step by step",
    "please provide a detailed explanation",
    "please reason step by step and put your final answer within",
    "please think step by step",
    "provide a step by step solution",
    "respond only with valid json",
    "return only the code",
    "show all your work",
    "show all your working",
    "show your reasoning",
    "show your reasoning before the answer",
    "show your work",
    "show your working",
    "solve the following problem",
    "summarize the following text",
    "take a deep breath and work on this problem step by step",
    "think carefully before answering",
    "think step by step",
    "think step by step before answering",
    "think through this step by step",
    "translate the following text",
    "walk me through your reasoning",
    "what is the difference between",
    "write a python function that",
    "you are a helpful ai assistant",
    "you are a helpful assistant",
    "you are a helpful respectful and honest assistant",
    "you are an expert in",
)
"""In the words that the signatures see: lower case, without punctuation."""

_ASKING = (
    r"step[- ]by[- ]step",
    r"chain[- ]of[- ]thought",
    r"<(think|thinking|reasoning|scratchpad)>",
    (
        r"(show|give|write|lay|set|spell|include|provide|record|document|list|narrate|expose|print)\w*[^.!?\n]*"
        r"\b(work|working|workings|reasoning|thinking|thought process|derivation|rationale|deliberation|steps|inference)"
    ),
    (
        r"(explain|justify|describe|detail|defend|motivate)\w*[^.!?\n]*"
        r"\b(reasoning|steps?|each|every|why|how you|thinking|logic|thought process|rationale|choice)"
    ),
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
ELICITATION = "(?i)" + "|".join(f"(?:{phrase})" for phrase in _ASKING)
"""Words that ask a model to lay open its reasoning, as one regular expression for RE2: they score behaviour."""
