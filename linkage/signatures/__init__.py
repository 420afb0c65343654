"""What a prompt is recognised by: near-duplicates, and the wrapper around ever-new content.

Nothing is imported here: the kernels need numba, which is loaded by the functions that use it, when first used.
"""
