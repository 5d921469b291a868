"""Compiled loops over the words of texts: which are equal, and which are a few small edits apart."""

from __future__ import annotations

from typing import Any

import numpy as np

from elute.kernels import kernel
from elute.vectors._kernels import stir

FAR = 99  # more than anything may cost
SLIP, SMALL = 2, 3  # what a slip of a letter costs, and a small word
MIDDLE = 10  # letters that may differ between two words before their edits are not even counted


@kernel("void(int32[::1], int64[::1], int32[::1], int64[::1])")
def spread(tokens: Any, ends: Any, counts: Any, last: Any) -> None:
    """In how many texts each word is; ``last`` is filled with -1 before."""
    for text in range(ends.size - 1):
        for at in range(ends[text], ends[text + 1]):
            word = tokens[at]
            if last[word] != text:
                last[word] = text
                counts[word] += 1


@kernel("void(int32[::1], int64[::1], uint64[::1], int64, int64)")
def hashed(tokens: Any, ends: Any, hashes: Any, start: int, stop: int) -> None:
    """One number for each sequence of words; equal sequences have the same."""
    for text in range(start, stop):
        found = np.uint64(0x9E3779B97F4A7C15)
        for at in range(ends[text], ends[text + 1]):
            found = stir(found + np.uint64(tokens[at]) * np.uint64(0xBF58476D1CE4E5B9) + np.uint64(1))
        hashes[text] = found


@kernel("void(int32[::1], int64[::1], int64[::1], uint64[::1], uint64[::1], int64[::1])")
def without_one(tokens: Any, ends: Any, texts: Any, powers: Any, hashes: Any, whose: Any) -> None:
    """For each text, and each of its words, one number of all its other words: two texts that differ in one word share one.

    ``powers`` (longest text + 1,) are those of an odd number: a text is a polynomial in it, its last word the constant.
    """
    place = 0
    for which in range(texts.size):
        first, last = ends[texts[which]], ends[texts[which] + 1]
        whole = np.uint64(0)
        for at in range(first, last):
            whole = whole * powers[1] + stir(np.uint64(tokens[at]) + np.uint64(7))
        before = np.uint64(0)
        for at in range(first, last):
            upto = before * powers[1] + stir(np.uint64(tokens[at]) + np.uint64(7))
            after = whole - upto * powers[last - 1 - at]
            hashes[place] = stir(before * powers[last - 1 - at] + after + np.uint64(last - first))
            whose[place] = texts[which]
            place += 1
            before = upto


@kernel()
def letters_apart(letters: Any, a: int, a_end: int, b: int, b_end: int, table: Any) -> int:
    """Edits between two words (a letter more, less, another, or two swapped): exact up to 2, ``FAR`` beyond."""
    while a < a_end and b < b_end and letters[a] == letters[b]:
        a += 1
        b += 1
    while a < a_end and b < b_end and letters[a_end - 1] == letters[b_end - 1]:
        a_end -= 1
        b_end -= 1
    rows, columns = a_end - a, b_end - b
    if rows - columns > 2 or columns - rows > 2 or rows > MIDDLE or columns > MIDDLE:
        return FAR
    for column in range(columns + 1):
        table[0, column] = column
    for row in range(1, rows + 1):
        table[row, 0] = row
        for column in range(1, columns + 1):
            same = letters[a + row - 1] == letters[b + column - 1]
            best = min(table[row - 1, column] + 1, table[row, column - 1] + 1, table[row - 1, column - 1] + (0 if same else 1))
            if (
                row > 1
                and column > 1
                and letters[a + row - 1] == letters[b + column - 2]
                and letters[a + row - 2] == letters[b + column - 1]
            ):
                best = min(best, table[row - 2, column - 2] + 1)
            table[row, column] = best
    found = table[rows, columns]
    return found if found <= 2 else FAR


@kernel()
def ends_with(letters: Any, a: int, a_end: int, b: int, b_end: int) -> bool:
    """Whether the first word ends in all of the second."""
    if a_end - a < b_end - b:
        return False
    size = b_end - b
    for back in range(1, size + 1):
        if letters[a_end - back] != letters[b_end - back]:
            size = 0
    return size > 0


@kernel()
def digits(letters: Any, a: int, a_end: int, b: int, b_end: int) -> bool:
    """Whether one of two words is no word of letters alone, as far as ASCII goes."""
    least = 65
    for at in range(a, a_end):
        least = min(least, letters[at])
    for at in range(b, b_end):
        least = min(least, letters[at])
    return least < 65


@kernel()
def swapped(letters: Any, a: int, a_end: int, b: int) -> bool:
    """Whether two words of one length hold the same letters, given that they are one edit apart."""
    total = 0
    for at in range(a_end - a):
        total += letters[a + at] - letters[b + at]
    return total == 0


@kernel()
def another_word(a: int, b: int, kinds: Any, letters: Any, starts: Any, texts: Any, opposing: Any, table: Any) -> int:
    """What one word for another costs: ``SMALL`` between two small words, a ``SLIP`` a letter where one may be the other, misspelt."""
    fixed = kinds[a] == 2 or kinds[b] == 2
    if fixed and (kinds[a] == kinds[b] or texts[a if kinds[a] != 2 else b] > 2 or kinds[a] + kinds[b] == 3):
        return FAR
    if kinds[a] == 1 and kinds[b] == 1:
        return SMALL
    a_first, a_end, b_first, b_end = starts[a], starts[a + 1], starts[b], starts[b + 1]
    short, long = min(a_end - a_first, b_end - b_first), max(a_end - a_first, b_end - b_first)
    if short < 3:
        return FAR
    found = letters_apart(letters, a_first, a_end, b_first, b_end, table)
    if found > 2 or (found == 2 and short < 6):
        return FAR
    same_start = letters[a_first] == letters[b_first]
    if not same_start and short < 6:
        return FAR
    if fixed:  # "thrree", never "ten" for "two"
        return SLIP if found == 1 and same_start and short >= 4 and not digits(letters, a_first, a_end, b_first, b_end) else FAR
    if long > short:  # locked and unlocked
        if a_end - a_first > b_end - b_first:
            whole, part, whole_end, part_end = a_first, b_first, a_end, b_end
        else:
            whole, part, whole_end, part_end = b_first, a_first, b_end, a_end
        if ends_with(letters, whole, whole_end, part, part_end):
            size = long - short
            for which in range(opposing.shape[0]):
                if opposing[which, 0] == size:
                    same = True
                    for at in range(size):
                        same = same and opposing[which, at + 1] == letters[whole + at]
                    if same:
                        return FAR
        if found == 1 and same_start and letters[whole_end - 1] == 115 and letters[whole_end - 2] == letters[part_end - 1]:
            return SLIP  # card and cards
    rare, common = min(texts[a], texts[b]), max(texts[a], texts[b])
    if rare > max(2, common // 200):
        return FAR  # both are words of this set
    if common < 3 * rare:  # two rare words: names, unless a letter is missing, doubled or swapped with the next
        other = found == 1 and long == short and not swapped(letters, a_first, a_end, b_first)
        if not same_start or found > 1 or short < (8 if other else 4):
            return FAR
    return found * SLIP


@kernel()
def joined(letters: Any, starts: Any, a: int, b: int, whole: int) -> bool:
    """Whether two words written as one are a third."""
    first, second = starts[a + 1] - starts[a], starts[b + 1] - starts[b]
    if starts[whole + 1] - starts[whole] != first + second:
        return False
    wrong = 0
    for at in range(first):
        wrong += letters[starts[a] + at] != letters[starts[whole] + at]
    for at in range(second):
        wrong += letters[starts[b] + at] != letters[starts[whole] + first + at]
    return wrong == 0


@kernel()
def apart(
    x: int, y: int, most: int, tokens: Any, ends: Any, kinds: Any, letters: Any, starts: Any, texts: Any, opposing: Any,
    stack: Any, table: Any,
) -> int:  # fmt: skip
    """What it costs to get from one text to another, at most ``most``; ``FAR`` where it is more.

    An edit is a slip of a letter within a word, a small word more, less or for another, a word twice, two words swapped of which one is
    small, or a space more or less. Tried depth first, so the cost is that of reading to the first difference for nearly every pair.
    """
    x_end, y_end = ends[x + 1], ends[y + 1]
    x_size, y_size = x_end - ends[x], y_end - ends[y]
    if 2 * (x_size - y_size) > most or 2 * (y_size - x_size) > most:
        return FAR
    best = FAR
    stack[0, 0], stack[0, 1], stack[0, 2] = ends[x], ends[y], 0
    size = 1
    while size:
        size -= 1
        i, j, spent = stack[size, 0], stack[size, 1], stack[size, 2]
        while i < x_end and j < y_end and tokens[i] == tokens[j]:
            i += 1
            j += 1
        if i == x_end and j == y_end:
            best = min(best, spent)
            continue
        left = min(most, best - 1) - spent
        if left < SLIP:
            continue
        if left >= SMALL and i < x_end and (kinds[tokens[i]] == 1 or (i > ends[x] and tokens[i] == tokens[i - 1])):
            stack[size, 0], stack[size, 1], stack[size, 2] = i + 1, j, spent + SMALL
            size += 1
        if left >= SMALL and j < y_end and (kinds[tokens[j]] == 1 or (j > ends[y] and tokens[j] == tokens[j - 1])):
            stack[size, 0], stack[size, 1], stack[size, 2] = i, j + 1, spent + SMALL
            size += 1
        if i == x_end or j == y_end:
            continue
        crossed = i + 1 < x_end and j + 1 < y_end and tokens[i] == tokens[j + 1] and tokens[i + 1] == tokens[j]
        if crossed and left >= SMALL and (kinds[tokens[i]] == 1 or kinds[tokens[j]] == 1):
            stack[size, 0], stack[size, 1], stack[size, 2] = i + 2, j + 2, spent + SMALL
            size += 1
        if i + 1 < x_end and joined(letters, starts, tokens[i], tokens[i + 1], tokens[j]):
            stack[size, 0], stack[size, 1], stack[size, 2] = i + 2, j + 1, spent + SLIP
            size += 1
        if j + 1 < y_end and joined(letters, starts, tokens[j], tokens[j + 1], tokens[i]):
            stack[size, 0], stack[size, 1], stack[size, 2] = i + 1, j + 2, spent + SLIP
            size += 1
        cost = another_word(tokens[i], tokens[j], kinds, letters, starts, texts, opposing, table)
        if cost <= left:
            stack[size, 0], stack[size, 1], stack[size, 2] = i + 1, j + 1, spent + cost
            size += 1
    return best


@kernel(
    "void(int64[::1], int64[::1], int8[::1], int8[::1], int32[::1], int64[::1], int8[::1], int32[::1], int64[::1], int32[::1], "
    "int32[:, ::1], int64, int64)"
)
def check(
    xs: Any, ys: Any, found: Any, budget: Any, tokens: Any, ends: Any, kinds: Any, letters: Any, starts: Any, texts: Any,
    opposing: Any, start: int, stop: int,
) -> None:  # fmt: skip
    """What each pair costs; it may be what the shorter of its two texts may be."""
    stack = np.empty((64, 3), np.int64)
    table = np.empty((MIDDLE + 1, MIDDLE + 1), np.int64)
    for pair in range(start, stop):
        x, y = xs[pair], ys[pair]
        most = min(budget[x], budget[y])
        found[pair] = FAR
        if most:
            found[pair] = apart(x, y, most, tokens, ends, kinds, letters, starts, texts, opposing, stack, table)


@kernel("int64(int64[::1], int64[::1], int64[::1], int64[::1])")
def stars(order: Any, edges: Any, others: Any, centre: Any) -> int:
    """Give each class, in this order, all its neighbours that nobody has yet; ``centre`` is -1 before, and whose it is afterwards.

    Those of a class are ``others[edges[class]:edges[class + 1]]``.
    """
    count = 0
    for at in range(order.size):
        one = order[at]
        if centre[one] >= 0:
            continue
        centre[one] = one
        count += 1
        for place in range(edges[one], edges[one + 1]):
            other = others[place]
            if centre[other] == -1:
                centre[other] = one
    return count
