"""Chinese and German: names, wording and language, without spaces between words and with long ones."""

from __future__ import annotations

import numpy as np
import pytest
from analyze_sets import unit

from elute.analyze import Context, OfflineAnalyst, cluster_views
from elute.findings.style import MULTILINGUAL, script
from elute.findings.words import Words
from elute.foreignness.wording import Wording, split

CHINESE = {
    "银行卡": (
        "我的银行卡丢了",
        "新的银行卡还没有寄到",
        "银行卡什么时候能到",
        "怎么激活银行卡",
        "银行卡被机器吞了",
        "我想再申请一张银行卡",
    ),
    "转账": (
        "转账还没有到账",
        "为什么我的转账失败了",
        "转账需要多久",
        "我想取消一笔转账",
        "转账手续费是多少",
        "给朋友转账被拒绝",
    ),
    "密码": ("我忘记了密码", "怎么修改密码", "密码输错三次被锁", "请帮我重置密码", "密码应该多少位", "登录密码不对"),
    "汇率": (
        "今天的汇率是多少",
        "汇率为什么和昨天不一样",
        "你们的汇率怎么算",
        "欧元汇率太低了",
        "周末的汇率会变吗",
        "汇率在哪里查看",
    ),
}
GERMAN = {
    "überweisung": (
        "Wo bleibt meine Überweisung?", "Die Überweisung ist noch nicht angekommen", "Kann ich eine Überweisung stornieren?",
        "Warum wurde die Überweisung abgelehnt?", "Wie lange dauert eine Überweisung?", "Überweisung an einen Freund",
    ),
    "kreditkarte": (
        "Meine Kreditkarte ist weg", "Ich habe die Kreditkarte verloren", "Kreditkarte sperren bitte",
        "Wann kommt meine neue Kreditkarte?", "Die Kreditkarte geht nicht", "Wie beantrage ich eine Kreditkarte?",
    ),
    "wechselkurs": (
        "Wie ist der Wechselkurs heute?", "Der Wechselkurs ist falsch", "Welcher Wechselkurs gilt am Wochenende?",
        "Ihr Wechselkurs ist zu niedrig", "Wo sehe ich den Wechselkurs?", "Wechselkurs für Euro",
    ),
    "passwort": (
        "Ich habe mein Passwort vergessen", "Passwort ändern geht nicht", "Wie setze ich das Passwort zurück?",
        "Das Passwort wird nicht angenommen", "Neues Passwort bitte", "Mein Passwort ist zu kurz",
    ),
}  # fmt: skip


@pytest.mark.parametrize("topics", [CHINESE, GERMAN], ids=["Chinese", "German"])
def test_names_hold_the_word_of_the_topic_and_are_distinct(topics: dict[str, tuple[str, ...]]) -> None:
    texts = [text for lines in topics.values() for text in lines]
    labels = np.repeat(np.arange(len(topics)), [len(lines) for lines in topics.values()])
    X = unit(np.eye(len(topics))[labels] + 0.1 * np.random.default_rng(0).normal(size=(len(texts), len(topics))))
    views = cluster_views(texts, labels, X, None, np.arange(len(texts), dtype=np.uint64))
    said = list(OfflineAnalyst().clusters(views, Context(len(texts), len(topics))))
    assert len({one.name for one in said}) == len(topics)
    for one, word in zip(said, topics, strict=True):
        assert word in one.name and len(one.name.split()) <= 4, one.name


def test_words_without_spaces_are_pairs_of_characters_and_tell_topics_apart() -> None:
    assert split("我的card银行") == ["我的", "card", "银行"]
    assert split("日") == ["日"] and split("two words") == ["two", "words"]
    bank = [text for lines in CHINESE.values() for text in lines]
    odd = ["古代诗人描写山水", "火山喷发形成岛屿", "恒星内部发生聚变", "考古队发掘青铜器", "候鸟每年飞越海峡", "乐团演奏交响曲"]
    groups = [bank[at::4] for at in range(4)] + [odd]
    nats = Wording().perplexity(groups).words
    assert nats[-1] > nats[:-1].max() + 0.3


def test_a_set_that_is_not_english_is_told_with_a_model_that_knows_its_language() -> None:
    for topics, language in ((CHINESE, "Chinese or Japanese script"), (GERMAN, "German")):
        end = " von der Bank und auf mich" if topics is GERMAN else ""
        texts = [text + end for lines in topics.values() for text in lines]
        note = script(texts, np.arange(len(texts)), Words.of(texts))[2]
        assert language in note and MULTILINGUAL in note
    english = ["where is the new card that i have", "what can i do to get my money", "this is not the one i want"]
    assert script(english, np.arange(3), Words.of(english))[2] == ""
