"""Compiled loops over the words of texts: which are equal, and which are a few small edits apart."""

from __future__ import annotations

from typing import Any

import numpy as np

from elute.kernels import kernel
from elute.vectors._kernels import stir

FAR = 99  # more than anything may cost
SLIP, SMALL = 2, 3  # what a slip of a letter costs, and what may be another word: a small one, a letter for another, a space
APOSTROPHE = 0xE005  # of we're, which is not were: see words.py
OFTEN = 10  # times as many texts must hold a word as hold its slip


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
def shortened(a: int, b: int, letters: Any, starts: Any) -> bool:
    """Whether two words are one but for an apostrophe: we're and were."""
    if starts[a + 1] - starts[a] < starts[b + 1] - starts[b]:
        a, b = b, a
    first, other = starts[a], starts[b]
    size = starts[b + 1] - other
    if starts[a + 1] - first != size + 1:
        return False
    skipped = 0
    for at in range(size + 1):
        if not skipped and letters[first + at] == APOSTROPHE:
            skipped = 1
        elif at - skipped == size or letters[first + at] != letters[other + at - skipped]:
            return False
    return skipped == 1


@kernel()
def recased(a: int, b: int, letters: Any, starts: Any) -> bool:
    """Whether two words are one but for case: user and User. Letters and their capitals are 32 apart."""
    first, other = starts[a], starts[b]
    size = starts[a + 1] - first
    if starts[b + 1] - other != size:
        return False
    for at in range(size):
        low, high = min(letters[first + at], letters[other + at]), max(letters[first + at], letters[other + at])
        if low != high and (high - low != 32 or low < 65):
            return False
    return True


@kernel()
def another_word(a: int, b: int, kinds: Any, letters: Any, starts: Any, texts: Any) -> int:
    """What one word for another costs, ``FAR`` where it says something else.

    A ``SLIP`` where one is all but surely the other, misspelt: a letter missing, doubled or changed places with the next, within a long
    word that is far more common. Contact and contract, desert and dessert are so near too, and export is import: what is short, or rare
    both ways, or differs in its last letter, or has a letter for another, may be another word and costs what that costs, ``SMALL``. So
    do two that are known to be words (kind 3: addition and addiction), and an apostrophe or a capital that makes one of another.
    """
    if shortened(a, b, letters, starts):
        return SMALL
    if kinds[a] == 2 or kinds[b] == 2:
        return FAR
    if (kinds[a] == 1 and kinds[b] == 1) or (starts[a + 1] - starts[a] > 3 and recased(a, b, letters, starts)):
        return SMALL
    if starts[a + 1] - starts[a] < starts[b + 1] - starts[b]:
        a, b = b, a
    first, other = starts[a], starts[b]
    long, short = starts[a + 1] - first, starts[b + 1] - other
    if short < 3 or long > short + 1 or letters[first] != letters[other]:
        return FAR
    before, behind = 1, 0
    while before < short and letters[first + before] == letters[other + before]:
        before += 1
    while before + behind < short and letters[first + long - 1 - behind] == letters[other + short - 1 - behind]:
        behind += 1
    more = long > short
    substituted = not more and before + behind == short - 1
    swapped = (
        not more and before + behind == short - 2
        and letters[first + before] == letters[other + before + 1] and letters[first + before + 1] == letters[other + before]
    )  # fmt: skip
    if not (swapped or substituted or (more and before + behind == short)):
        return FAR  # two edits: hypertension is no hypotension
    if more and behind == 0 and letters[first + long - 1] == 115:
        return SMALL  # card and cards
    rare, common = min(texts[a], texts[b]), max(texts[a], texts[b])
    if rare > max(2, common // 200) or (substituted and (behind == 0 or short < 4)):
        return FAR  # both are words of this set; or an ending: employer and employee
    doubled = more and letters[first + before] == letters[first + before - 1]
    if kinds[a] == 3 and kinds[b] == 3:
        return SMALL
    if behind and not substituted and short >= (6 if swapped or doubled else 8) and common >= OFTEN * rare:
        return SLIP
    return FAR if substituted and common < 3 * rare and short < 8 else SMALL  # two rare words: names


@kernel()
def joined(kinds: Any, letters: Any, starts: Any, a: int, b: int, whole: int) -> bool:
    """Whether two words written as one are a third; never "not able" and "notable", nor 1 2 and 12."""
    if kinds[a] == 2 or kinds[b] == 2 or kinds[whole] == 2:
        return False
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
def extra(tokens: Any, kinds: Any, at: int, start: int) -> bool:
    """Whether a text may do without a word: a small one, or one that was just said. Never 5 or "not", however often."""
    return kinds[tokens[at]] == 1 or (kinds[tokens[at]] != 2 and at > start and tokens[at] == tokens[at - 1])


@kernel()
def apart(
    x: int, y: int, most: int, tokens: Any, ends: Any, kinds: Any, letters: Any, starts: Any, texts: Any, named: Any, english: bool,
    stack: Any,
) -> int:  # fmt: skip
    """What it costs to get from one text to another, at most ``most``; ``FAR`` where it is more.

    An edit is a slip of a letter within a word, a word that may be another, a small word more, less or for another, a word twice, two
    words swapped of which one is small, or a space more or less. Tried depth first, so the cost is that of reading to the first
    difference for nearly every pair.
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
        if left >= SMALL and i < x_end and extra(tokens, kinds, i, ends[x]):
            stack[size, 0], stack[size, 1], stack[size, 2] = i + 1, j, spent + SMALL
            size += 1
        if left >= SMALL and j < y_end and extra(tokens, kinds, j, ends[y]):
            stack[size, 0], stack[size, 1], stack[size, 2] = i, j + 1, spent + SMALL
            size += 1
        if i == x_end or j == y_end:
            continue
        crossed = i + 1 < x_end and j + 1 < y_end and tokens[i] == tokens[j + 1] and tokens[i + 1] == tokens[j]
        if crossed and left >= SMALL and (kinds[tokens[i]] == 1 or kinds[tokens[j]] == 1):
            stack[size, 0], stack[size, 1], stack[size, 2] = i + 2, j + 2, spent + SMALL
            size += 1
        if i + 1 < x_end and left >= SMALL and joined(kinds, letters, starts, tokens[i], tokens[i + 1], tokens[j]):
            stack[size, 0], stack[size, 1], stack[size, 2] = i + 2, j + 1, spent + SMALL
            size += 1
        if j + 1 < y_end and left >= SMALL and joined(kinds, letters, starts, tokens[j], tokens[j + 1], tokens[i]):
            stack[size, 0], stack[size, 1], stack[size, 2] = i + 1, j + 2, spent + SMALL
            size += 1
        cost = another_word(tokens[i], tokens[j], kinds, letters, starts, texts)
        if cost == SLIP:  # Anderson and Andersson; Quallen and Qualen: other languages double letters to make words
            a, b = tokens[i], tokens[j]
            if (named[i] and named[j]) or (not english and starts[a + 1] - starts[a] != starts[b + 1] - starts[b]):
                cost = SMALL
        if cost <= left:
            stack[size, 0], stack[size, 1], stack[size, 2] = i + 1, j + 1, spent + cost
            size += 1
    return best


@kernel(
    "void(int64[::1], int64[::1], int8[::1], int8[::1], int32[::1], int64[::1], int8[::1], int32[::1], int64[::1], int32[::1], "
    "boolean[::1], boolean[::1], int64, int64)"
)
def check(
    xs: Any, ys: Any, found: Any, budget: Any, tokens: Any, ends: Any, kinds: Any, letters: Any, starts: Any, texts: Any,
    named: Any, english: Any, start: int, stop: int,
) -> None:  # fmt: skip
    """What each pair costs; it may be what the shorter of its two texts may be. ``english`` (t,) says of each text whether it is."""
    stack = np.empty((64, 3), np.int64)
    for pair in range(start, stop):
        x, y = xs[pair], ys[pair]
        most = min(budget[x], budget[y])
        found[pair] = FAR
        if most:
            found[pair] = apart(x, y, most, tokens, ends, kinds, letters, starts, texts, named, english[x] and english[y], stack)


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
