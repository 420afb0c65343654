"""Rings become lists that another lab can check, use, dispute and take back."""
