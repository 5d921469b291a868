"""Texts that say the same: what passes the edit check, what never may, and who of a group stays."""

from __future__ import annotations

import time
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elute.findings.copies import Copies, copies, groups
from elute.findings.duplicates import Duplicates, compare, duplicates
from elute.findings.lexicon import WORDS as LISTED
from elute.findings.words import Words, split
from elute.neighbors import nearest

COMMON = ["please activate my card today", "how do i activate my card", "is my card here", "the exchange rate of today"] * 3
SAFE = (0, 2, 4)
"""Costs of what may go in bulk: equal words, or slips of a letter."""


def cost(a: str, b: str, usual: str = "") -> int:
    """What the edits between two texts cost, in a set that holds the word ``usual`` in many texts."""
    words = Words.of([a, b, *(f"{usual} {which}" for which in "abcdefghijklmnopqrst")])
    if split(a) == split(b):
        return 0
    there, back = compare(words, np.array([0, 1]), np.array([1, 0])).tolist()
    assert there == back
    return int(there)


def found(texts: list[str]) -> tuple[Duplicates, np.ndarray]:
    """Over distinct texts, and which of them each row has."""
    distinct = list(dict.fromkeys(texts))
    words = Words.of(distinct)
    made = duplicates(words, np.arange(len(distinct)), np.zeros((len(distinct), 2), np.float32), None)
    return made, np.array([distinct.index(text) for text in texts])


def costs(a: str, b: str) -> set[float]:
    """What the edits cost between two texts of a set, and where a recipe asks; 99 where they are no near copies."""
    made, text = found([a, b, *dict.fromkeys(COMMON)])
    told = copies(made, text, np.ones(len(text), bool))
    words = Words.of([a, b])
    one = float(told.near_cost[1]) if told.near[1] else 99.0
    return {one, *map(float, compare(words, np.array([0, 1]), np.array([1, 0])))}


def near(a: str, b: str) -> bool:
    """Whether two texts among others are near copies."""
    words = Words.of([a, b, *dict.fromkeys(COMMON)])
    if split(a) == split(b):
        return True
    return bool(compare(words, np.array([0]), np.array([1]))[0] <= 6)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("How do I activate my card?", "how do i  ACTIVATE my card"),
        ("I don't have my card", "i dont have my card!"),
        ("how do i activate my card", "how do i activate my crad"),
        ("how do i activate my card", "how do i actvate my card"),
        ("how do i activate my card", "how do i activate the card"),
        ("how do i activate my card", "how do i activate my card please"),
        ("how do i activate my card", "how do i activate my cards"),
        ("is my e mail address right", "is my email address right"),
        ("what is the exchange rate listed", "what is the exhcange rate listed"),
        ("Great!", "great"),
        ("It works (mostly), I'm sure: yes...", "it works mostly im sure yes"),
        ("an e-mail of 3/4 pages, sent", "an e mail of 3/4 pages sent"),
        ("Ｆｕｌｌ width letters of 2024", "full width letters of 2024"),
    ],
)
def test_small_edits_are_near(a: str, b: str) -> None:
    assert near(a, b) and near(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("send 100 dollars to my account", "send 101 dollars to my account"),
        ("send 1.5 dollars to my account", "send 15 dollars to my account"),
        ("send 1,500 dollars to my account", "send 1.500 dollars to my account"),
        ("it was -5 degrees in town again", "it was 5 degrees in town again"),
        ("send two dollars to my account", "send ten dollars to my account"),
        ("i do want to close my account", "i do not want to close my account"),
        ("i can see my account online now", "i can't see my account online now"),
        ("it works with my account online", "it works without my account online"),
        ("is my account locked by the bank", "is my account unlocked by the bank"),
        ("how to activate the account there", "how to deactivate the account there"),
        ("fly me from rome on monday morning", "fly me from rome on sunday morning"),
        ("the money from my account is gone", "the money to my account is gone"),
        ("will he come to the party with us", "will she come to the party with us"),
        ("a hotel in anna please and thanks", "a hotel in enna please and thanks"),
        ("is it sold in £ these days here", "is it sold in $ these days here"),
        ("What is 12 * 4?", "What is 12 - 4?"),
        ("What is 12 * 4?", "What is 12 / 4?"),
        ("What is 12 - 4?", "What is 12 4?"),
        ("What is 2 * (3 + 4)?", "What is 2 * 3 + 4?"),
        ("What is 5!", "What is 5"),
        ("Is 3 < 5 true or false?", "Is 3 > 5 true or false?"),
        ("What does x-y come to?", "What does x y come to?"),
        ("The parcel came today :)", "The parcel came today :("),
        ("The parcel came today )", "The parcel came today ("),
        ("The parcel came today 😀", "The parcel came today 😡"),
        ("A great parcel😀 came today", "A great parcel came today"),
        ("Take .5 mg of it every day", "Take 5 mg of it every day"),
        ("It gives 5 mW of power", "It gives 5 MW of power"),
        ("There were 10⁶ cells in the dish", "There were 106 cells in the dish"),
        ("Take 1½ cups of flour", "Take 11/2 cups of flour"),
        ("A board of 5' length please", 'A board of 5" length please'),
        ("A board of 5'2 length please", "A board of 52 length please"),
        ("It was –5 degrees outside", "It was 5 degrees outside"),
        ("if (!ready) then start", "if (ready) then start"),
        ("x != y holds here", "x = y holds here"),
        ("What does git branch -D do?", "What does git branch -d do?"),
        ("What is f'(2) of it all?", "What is f(2) of it all?"),
        ("drink it in Maßen please", "drink it in Massen please"),
        ("Find the mean of 1, 2, 3 and 4", "Find the mean of 12, 3 and 4"),
        ("Find the mean of 5, 5 and 4", "Find the mean of 5 and 4"),
        ("I am not able to come today", "I am notable to come today"),
        ("add four cups of it now", "add flour cups of it now"),
        ("who was henry xviii of france", "who was henry xvii of france"),
        ("yes", "yet"),
        ("你好我想取消订单谢谢", "你好我想取消账单谢谢"),
    ],
)
def test_what_changes_the_meaning_is_not(a: str, b: str) -> None:
    assert not near(a, b) and not near(b, a)


@pytest.mark.parametrize(
    ("usual", "other"),
    [
        ("symptomatic", "asymptomatic"), ("import", "export"), ("include", "exclude"), ("internal", "external"),
        ("encrypt", "decrypt"), ("attach", "detach"), ("minimum", "maximum"), ("hypertension", "hypotension"),
        ("hyperglycemia", "hypoglycemia"), ("mother", "father"), ("employer", "employee"), ("cat", "car"), ("nuclear", "unclear"),
    ],
)  # fmt: skip
def test_opposites_are_no_copies(usual: str, other: str) -> None:
    for known, rare in ((usual, other), (other, usual)):
        assert cost(f"how do i find the {known} value here", f"how do i find the {rare} value here", known) == 99


@pytest.mark.parametrize(
    ("usual", "other"),
    [
        ("contact", "contract"), ("flight", "fight"), ("patient", "patent"), ("trial", "trail"), ("diner", "dinner"),
        ("money", "monkey"), ("card", "cards"), ("quiet", "quite"), ("message", "massage"), ("adopt", "adapt"), ("upload", "unload"),
        ("human", "humane"), ("greenhouse", "green house"), ("abroad", "a broad"), ("addiction", "addition"), ("desert", "dessert"),
        ("complaint", "compliant"), ("reaction", "redaction"), ("hoping", "hopping"), ("casual", "causal"), ("morality", "mortality"),
        ("tortuous", "torturous"), ("sparring", "sparing"), ("lightning", "lightening"), ("phosphorus", "phosphorous"),
        ("riding", "ridding"), ("rating", "ratting"), ("gaping", "gapping"), ("twined", "twinned"), ("were", "we're"),
        ("well", "we’ll"), ("ill", "I'll"), ("hell", "he'll"), ("shed", "she'd"),
    ],
)  # fmt: skip
def test_what_may_be_another_word_never_goes_in_bulk(usual: str, other: str) -> None:
    for known, rare in ((usual, other), (other, usual)):
        assert cost(f"how do i find the {known} value here", f"how do i find the {rare} value here", known) not in SAFE


@pytest.mark.parametrize("wrong", ["acitvate", "activvate", "actiavte"])
def test_a_slip_needs_a_word_that_is_far_more_common(wrong: str) -> None:
    a, b = "how do i activate my card", f"how do i {wrong} my card"
    assert cost(a, b, "activate") == 2
    assert cost(a, b) == 3  # both are rare: it may be a name


def test_an_apostrophe_that_makes_another_word_is_for_a_look_and_any_other_is_none() -> None:
    assert cost("we're late for the train again", "were late for the train again") == 3
    assert cost("I’ll take the train home again", "ill take the train home again") == 3
    for a, b in (("don't", "dont"), ("I'm", "im"), ("We’re", "we're"), ("they're", "theyre"), ("I'd", "id")):
        assert cost(f"{a} late for the train again", f"{b} late for the train again") == 0
    assert cost("he'll take the train home again", "she'll take the train home again") == 99


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Expecting ',' delimiter", "Expecting ':' delimiter"), ("What does ';' mean in Python?", "What does ':' mean in Python?"),
        ('The separator must be "." here.', 'The separator must be "," here.'), ("Is the '?' key broken?", "Is the '!' key broken?"),
        ("Missing “,” before the next item", "Missing “.” before the next item"), ("Press '.' to open it", "Press ',' to open it"),
        ("Why is there a ; after the while?", "Why is there a : after the while?"),
        ("Unexpected token ; here", "Unexpected token : here"),
        ("When do I put a ; at the end?", "When do I put a , at the end?"),
        ("Wann setzt man ein , im Satz", "Wann setzt man ein ; im Satz"),
        ("What does '\"' mean to the shell?", "What does ''' mean to the shell?"), ("What do I type: a ;", "What do I type: a :"),
    ],
)  # fmt: skip
def test_a_mark_that_a_text_speaks_of_is_a_word(a: str, b: str) -> None:
    assert costs(a, b) == {99} == costs(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Let's eat, kids", "Let's eat kids"), ("I left him, convinced he was a fool", "I left him convinced he was a fool"),
        ("The panda eats, shoots and leaves", "The panda eats shoots and leaves"), ("It is late, he said", "It is late. He said"),
        ("A woman, without her man, is nothing", "A woman: without her, man is nothing"), ("He said “I am late”", "He said I am late"),
        ("The dog wagged its tail", "The dog wagged it's tail"), ("Is it its or it's there", "Is it it's or its there"),
        ("the dogs' bowls are full", "the dog's bowls are full"), ("the dogs’ bowls are full", "the dogs bowls are full"),
        ("the boy’s toys are there", "the boys toys are there"), ("The button ! repeats it", "The button . repeats it"),
        ("下雨天，留客天留我", "下雨天留客，天留我"), ("Well, water runs here now", "Well water runs here now"),
    ],
)  # fmt: skip
def test_marks_inside_that_may_turn_a_text_are_for_a_look(a: str, b: str) -> None:
    assert costs(a, b) == {3} == costs(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Hi, can you help me, please?", "hi can you help me please"), ("What's up there now", "whats up there now"),
        ("It came. Thanks for that!", "it came! thanks for that"), ("It came (really) late...", "it came really late"),
        ("Attention : il est tard !", "attention: il est tard"), ("“It is late again”", "It is late again"),
        ("Hello.How are you all", "Hello. How are you all"), ("OK, I'll take it, but not now", "Ok I'll take it but not now"),
        ("Yes, it is late now", "yes it is late now"), ("Thank you. That is it all", "Thank you, that is it all"),
        ("It's late, and dark!!", "it’s late, and dark"),
    ],
)  # fmt: skip
def test_marks_that_turn_nothing_are_set_aside(a: str, b: str) -> None:
    assert costs(a, b) == {0} == costs(b, a)


def test_a_slip_beside_a_mark_inside_is_for_a_look() -> None:
    assert cost("please activate my card, now", "please acitvate my card now", "activate") == 5
    assert cost("please activate my card, now", "please acitvate my card, now", "activate") == 2


def test_a_word_that_is_near_another_is_still_misspelt_like_any() -> None:
    assert cost("is this an addiction to games", "is this an addicction to games", "addiction") == 2
    assert cost("fly on the united flight please", "fly on the uinted flight please", "united") == 2


def test_each_word_that_is_listed_is_a_slip_from_another_of_the_list() -> None:
    slips = {one: {one[:at] + one[at + 1 :] for at in range(1, len(one))} for one in LISTED}
    swapped = {one: {one[:at] + one[at + 1] + one[at] + one[at + 2 :] for at in range(1, len(one) - 1)} for one in LISTED}
    near = {
        one: {other for other in LISTED if one in slips[other] | swapped[other] or other in slips[one]} - {one} for one in LISTED
    }
    lonely = [one for one in LISTED if not near[one]]
    assert lonely == []


def test_two_words_of_the_set_are_no_slip_of_each_other() -> None:
    texts = [*(f"my top up was rejected {at}" for at in "abcdefgh"), *(f"my top up was reverted {at}" for at in "abcdefgh")]
    made, _ = found([*texts, "why was my app rejected my top up", "why was my app reverted my top up"])
    assert not len(made.pairs)


WORDS = st.sampled_from("how do i activate my card the a please not 5 7 account accounts acount rate unrate".split())


@given(st.lists(st.lists(WORDS, min_size=1, max_size=7).map(" ".join), min_size=2, max_size=7, unique=True))
@settings(max_examples=60, deadline=None)
def test_the_check_is_symmetric_and_keeps_numbers_and_negations(texts: list[str]) -> None:
    words = Words.of(texts)
    xs, ys = map(np.array, zip(*combinations(range(len(texts)), 2), strict=True))
    there, back = compare(words, xs, ys), compare(words, ys, xs)
    np.testing.assert_array_equal(there, back)
    for x, y in zip(xs[there < 99], ys[there < 99], strict=True):
        held = [[word for word in split(texts[at]) if word in ("not", "5", "7")] for at in (x, y)]
        assert held[0] == held[1] or len(held[0]) != len(held[1])  # a word twice may be a slip, another one never is
        assert set(held[0]) == set(held[1])


@given(
    rows=st.lists(st.integers(0, 5), min_size=1, max_size=25),
    labels=st.lists(st.integers(-1, 2), min_size=25, max_size=25),
    dropped=st.lists(st.booleans(), min_size=25, max_size=25),
    marked=st.lists(st.booleans(), min_size=25, max_size=25),
)
@settings(max_examples=150, deadline=None)
def test_one_of_each_stays_whatever_is_kept(rows: list[int], labels: list[int], dropped: list[bool], marked: list[bool]) -> None:
    pool = [
        "how do i activate my card", "How do I activate my card?", "how do i activate my crad", "how do i activate the card",
        "how can i close my account", "how can i not close my account",
    ]  # fmt: skip
    n = len(rows)
    made, text = found([pool[at] for at in rows])
    keep, codes, reference = ~np.array(dropped[:n]), np.array(labels[:n]), np.array(marked[:n])
    told = copies(made, text, keep, codes, reference)
    mine = keep & ~reference
    links = {(x, y) for x, y in made.pairs.tolist()}

    def says_the_same(a: int, b: int) -> bool:
        x, y = sorted((int(made.same[text[a]]), int(made.same[text[b]])))
        return x == y or (x, y) in links

    for row in np.flatnonzero(mine):
        alike = [other for other in np.flatnonzero(mine) if other != row and text[other] == text[row]]
        assert told.copy[row] == any(other < row for other in alike)
        other_label = codes[row] >= 0 and any(
            codes[at] >= 0 and codes[at] != codes[row] and says_the_same(row, at) for at in np.flatnonzero(mine)
        )
        assert told.conflict[row] == other_label
        if told.near[row]:
            of = told.near_of[row]
            assert mine[of] and says_the_same(row, of) and not told.near[of] and not told.copy[of] and text[of] != text[row]
            assert not told.conflict[row]
            assert (told.near_cost[row] == 0) == (made.same[text[row]] == made.same[text[of]])
        assert told.leaked[row] == any(says_the_same(row, at) for at in np.flatnonzero(reference))
    assert not (told.copy | told.near | told.conflict | told.leaked)[reference].any()
    gone = mine & (told.copy | told.near) & ~told.conflict
    for row in np.flatnonzero(gone):  # whatever goes leaves one that it was checked against
        stays = told.near_of[row] if told.near[row] else told.copy_of[row]
        assert mine[stays] and not told.near[stays] or told.near_of[stays] >= 0


def test_the_edits_of_a_near_copy_are_told() -> None:
    texts = ["how do i activate my card", "How do I activate my card?", "how do i acitvate my card", "how do i activate the card"]
    made, text = found([*texts, texts[0], "what is the rate", *(f"activate {which}" for which in "abcdefgh")])
    told = copies(made, text, np.ones(14, bool))
    assert told.near[:6].tolist() == [False, True, True, True, False, False] and set(told.near_of[1:4].tolist()) == {0}
    assert told.near_cost[1:4].tolist() == [0, 2, 3] and np.isnan(told.near_cost[[0, 4, 5]]).all()


def test_groups_hold_all_that_say_the_same() -> None:
    made, text = found(
        ["how do i activate my card", "how do i activate my crad", "what is the rate", "how do i activate my card", ""]
    )
    of = groups(made, text)
    assert of[0] == of[1] == of[3] >= 0 and of[2] == of[4] == -1


def test_the_graph_finds_what_differs_in_two_places() -> None:
    texts = [
        "how do i activate my new account",
        "how do i actvate my new acount",
        *(f"activate account {at}" for at in "abcdefghi"),
    ]
    X = np.eye(11, dtype=np.float32)
    X[1, :2] = 0.9, np.sqrt(1 - 0.81)
    words = Words.of(texts)
    both = [int(duplicates(words, np.arange(11), X, None).same[at]) for at in (0, 1)]
    assert not _paired(duplicates(words, np.arange(11), X, None), both)
    assert _paired(duplicates(words, np.arange(11), X, nearest(X, 2)), both)


def _paired(made: Duplicates, classes: list[int]) -> bool:
    return sorted(classes) in made.pairs.tolist()


def test_a_text_that_was_cut_is_nobodys_copy() -> None:
    words = Words.of(["the handbook says that", "The handbook says that", "the handbook said that"])
    whole = duplicates(words, np.arange(3), np.eye(3, dtype=np.float32), None)
    assert whole.same[0] == whole.same[1]
    made = duplicates(words, np.arange(3), np.eye(3, dtype=np.float32), None, cut=np.array([True, False, False]))
    assert made.same[0] not in made.same[1:] and int(made.same[0]) not in made.pairs


def test_large_groups_are_found_without_a_graph() -> None:
    texts = [f"{'My' if at % 2 else 'my'} card{'!' * at} is late" for at in range(200)]
    made, text = found(texts)
    assert copies(made, text, np.ones(200, bool)).near.sum() == 199


@pytest.mark.parametrize(
    "texts", [["a"], ["", "  ", "?!"], ["\ud800 lone", "lone \udfff"], ["x" * 100_000, "x" * 99_999 + "y"], ["a b c"] * 5]
)
def test_odd_texts(texts: list[str]) -> None:
    made, text = found(texts)
    told = copies(made, text, np.ones(len(texts), bool))
    assert isinstance(told, Copies) and told.copy.sum() == len(texts) - len(set(texts))


def test_texts_without_a_word_are_no_copies_of_each_other() -> None:
    made, text = found(["???", "!!!", ":)"])
    assert not copies(made, text, np.ones(3, bool)).near.any()


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("How do I activate my card?", "how do i  ACTIVATE my card"), ("THE CARD IS NOT IN MY POST", "the card is not in my post"),
        ("Dear Mr Smith, it is late.", "dear mr smith it is late"), ("We live in Berlin", "we live in berlin"), ("So IS it", "so is it"),
        ("It came!", "It came."), ("It came..", "it came"), ("Where is it?", "Where is it"), ("Hi, can you help?", "hi can you help"),
        ("快递到了吗？", "快递到了吗"), ("Hello.How are you", "Hello. How are you"), ("Can't we pay", "cant we pay"),
        ("WE’RE LATE", "we're late"),
        ("well, please send it, today", "well please send it today"), ("I said no.", "I said no"),
    ],
)  # fmt: skip
def test_case_and_points_that_turn_nothing_are_set_aside(a: str, b: str) -> None:
    assert split(a) == split(b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("the gap was 5 MeV there", "the gap was 5 meV there"), ("the link has 100 Mbps", "the link has 100 MBps"),
        ("it was 5 S", "it was 5 s"),
        ("cross AA with aa", "cross Aa with Aa"), ("is allele A dominant", "is allele a dominant"), ("the mass of CO", "the mass of Co"),
        ("the ring c1ccccc1", "the ring C1CCCCC1"), ("White plays bc4", "White plays Bc4"), ("is TP53 there", "is Tp53 there"),
        ("rename the class user to User", "rename the class User to user"), ("set maxValue now", "set maxvalue now"),
        ("rename the class user to User", "rename the class user to user"), ("what is L-alanine", "what is l-alanine"),
        ("the pattern 'A%' here", "the pattern 'a%' here"), ("help us", "help US"), ("ask WHO about it", "ask who about it"),
        ("Wir haben Sie informiert", "Wir haben sie informiert"), ("Ist das Ihr Paket", "Ist das ihr Paket"),
        ("Patient says no fever since", "Patient says no, fever since"), ("Allergies: no fever: yes.", "Allergies: no. Fever: yes."),
        ("we can't, pay today", "we can't pay today"), ("我要退款，不要换货", "我要退款不，要换货"),
        ("The parcel has arrived.", "The parcel has arrived?"), ("write to anna.bell@example.com", "write to anna-bell@example.com"),
        ("Open config.dev now", "Open config-dev now"), ("ping db-1.eu now", "ping db.1-eu now"), ("SELECT a, b", "SELECT a b"),
        ("SELECT a, b", "SELECT a.b"), ("open my-file.txt here", "open my.file-txt here"),
    ],
)  # fmt: skip
def test_case_and_points_that_may_turn_a_text_are_never_safe(a: str, b: str) -> None:
    assert split(a) != split(b)
    assert cost(a, b) not in SAFE


@pytest.mark.parametrize(
    ("usual", "rare", "frame"),
    [
        ("Anderson", "Andersson", "Call Mr {} about the loan"), ("Phillips", "Philips", "Buy the {} screwdriver"),
        ("coussin", "cousin", "Où est mon {} ?"), ("Quallen", "Qualen", "Berichte von {} im Meer"),
        ("capelli", "cappelli", "Prezzo taglio {} uomo"),
    ],
)  # fmt: skip
def test_names_and_letters_doubled_in_other_languages_are_no_slips(usual: str, rare: str, frame: str) -> None:
    assert cost(frame.format(rare), frame.format(usual), usual) not in SAFE


@pytest.mark.parametrize(
    "text", ["a." * 16_000, "x? " * 10_000, "no," * 10_000, "A a " * 8_000, "1" * 32_000 + " A", "@" * 32_000]
)
def test_no_text_takes_long_to_read(text: str) -> None:
    start = time.process_time()
    split(text)
    assert time.process_time() - start < 5.0  # some .1 s
