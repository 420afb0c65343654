"""Scores and judgements become decisions: block, review or allow."""
