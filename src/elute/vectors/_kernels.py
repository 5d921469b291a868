"""Compiled loops over rows of vectors: lengths, sums by group, fingerprints. None of them copies a row."""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np

from elute.kernels import VECTORS, kernel

VALUES = "Array(float64, 1, 'C', True)"  # True: also where it may not be written to


@kernel(f"void({VECTORS}, int64, int64, Array(int32, 1, 'C', True), {VALUES}, boolean, float64[::1], float64[:, ::1])", fast=True)
def add_rows(X: Any, start: int, stop: int, at: Any, weights: Any, scale: bool, squared: Any, sums: Any) -> None:
    """Add rows ``start:stop``, times their weights, to their groups' sums; group -1 is none.

    With ``scale`` each is made length 1 first (a zero vector stays zero), and ``|x|^2`` is written down: not finite where a row holds
    NaN or infinity.
    """
    for row in range(start, stop):
        group, factor = at[row], weights[row]
        if scale:
            total = 0.0
            for i in range(X.shape[1]):
                value = np.float64(X[row, i])
                total += value * value
            squared[row] = total
            factor = factor / sqrt(total) if total > 0 else 0.0
        if group >= 0 and factor != 0:
            line = sums[group]
            for i in range(X.shape[1]):
                line[i] += factor * X[row, i]


@kernel()
def stir(value: Any) -> Any:
    """Spread each bit of 64 over all of them: the last step of MurmurHash3, by Appleby (public domain)."""
    value ^= value >> np.uint64(33)
    value *= np.uint64(0xFF51AFD7ED558CCD)
    value ^= value >> np.uint64(33)
    value *= np.uint64(0xC4CEB9FE1A85EC53)
    return value ^ (value >> np.uint64(33))


@kernel()
def pair(low: Any, high: Any) -> Any:
    """The bits of two numbers as one word; -0.0 as 0.0."""
    minus = np.uint32(0x80000000)
    low = np.uint32(0) if low == minus else low
    high = np.uint32(0) if high == minus else high
    return np.uint64(low) | (np.uint64(high) << np.uint64(32))


@kernel("void(Array(uint32, 2, 'C', True), int64, int64, uint64[::1])")
def fingerprints(bits: Any, start: int, stop: int, found: Any) -> None:
    """A 64-bit hash of each of rows ``start:stop``: four lanes of multiply and fold, so that a row is read at the pace of memory."""
    d = bits.shape[1]
    prime, fold = np.uint64(0x9E3779B97F4A7C15), np.uint64(32)
    for row in range(start, stop):
        x = bits[row]
        a, b, c, e = np.uint64(1), np.uint64(2), np.uint64(3), np.uint64(5)
        i = 0
        while i + 8 <= d:
            a = (a ^ pair(x[i], x[i + 1])) * prime
            b = (b ^ pair(x[i + 2], x[i + 3])) * prime
            c = (c ^ pair(x[i + 4], x[i + 5])) * prime
            e = (e ^ pair(x[i + 6], x[i + 7])) * prime
            a ^= a >> fold
            b ^= b >> fold
            c ^= c >> fold
            e ^= e >> fold
            i += 8
        while i < d:
            a = (a ^ pair(x[i], np.uint32(0))) * prime
            a ^= a >> fold
            i += 1
        found[row] = stir(stir(stir(stir(a) ^ b) ^ c) ^ e) ^ np.uint64(d)


@kernel(f"int64({VECTORS}, uint64[::1], int64[::1], int64[::1], int64[::1])")
def first_of_equals(X: Any, hashes: Any, slots: Any, first: Any, back: Any) -> int:
    """Number the rows that differ in the order in which they are met; equal hashes are believed only where the rows are equal.

    ``slots`` (a power of two, at least twice the rows) starts at -1. Returns how many differ.
    """
    last = np.uint64(slots.size - 1)
    count = 0
    for row in range(hashes.size):
        slot = hashes[row] & last
        while True:
            number = slots[slot]
            if number < 0:
                slots[slot] = count
                first[count] = row
                back[row] = count
                count += 1
                break
            other = first[number]
            if hashes[other] == hashes[row]:
                equal = True
                for i in range(X.shape[1]):
                    if X[row, i] != X[other, i]:
                        equal = False
                        break
                if equal:
                    back[row] = number
                    break
            slot = (slot + np.uint64(1)) & last
    return count
