"""Events become evidence: who was seen with what, and what it is worth that others were too."""
