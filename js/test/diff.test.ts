import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { against, difference } from "../src/diff";

const marked = (text: string, other: string) => difference(text, other).filter(({ differs }) => differs).map(({ text: piece }) => piece);

describe("the difference of two texts", () => {
  it("marks the words that the other does not have there", () => {
    expect(marked("please top up my card now", "please top up my account now")).toEqual(["card"]);
    expect(marked("I paid 20 pounds", "I paid 2,000 pounds")).toEqual(["20"]);
    expect(marked("I paid 2,000 pounds", "I paid 20 pounds")).toEqual(["2,000"]);
    expect(marked("I can't pay", "I can pay")).toEqual(["can't"]);
    expect(marked("the new card", "the card")).toEqual(["new"]);
    expect(marked("the card", "the new card")).toEqual([]);
  });

  it("marks words that differ side by side as one piece, with the space between them", () => {
    expect(marked("my old card", "my grey cat")).toEqual(["old card"]);
  });

  it("sees no difference in white space, and one in case and signs", () => {
    expect(marked("a  b\n c", "a b c")).toEqual([]);
    expect(marked("Pay now!", "pay now")).toEqual(["Pay", "!"]);
  });

  it("knows scripts without spaces, sign by sign", () => {
    expect(marked("我想取消卡", "我想激活卡")).toEqual(["取消"]);
  });

  it("tells what a text lacks where nothing stands in its place, at its ends too", () => {
    const lacks = (text: string, other: string) => against(text, other).filter((piece) => piece.lacks).map(({ text: gap }) => gap);
    expect(against("Do press it", "Do not press it")).toEqual([{ text: "Do ", differs: false }, { text: "not ", differs: true, lacks: true }, { text: "press it", differs: false }]);
    expect(lacks("press it", "Please press it now !")).toEqual(["Please ", " now !"]);
    expect(lacks("Do push it", "Do not press it")).toEqual([]);
    expect(lacks("", "all of it")).toEqual(["all of it"]);
    expect(lacks("我想卡", "我想取消卡")).toEqual(["取消"]);
    expect(lacks("Do not press it", "Do press it")).toEqual([]);
  });

  it("marks no word that the cut tore, nor what lies beyond the cut of the other", () => {
    const long = Array.from({ length: 200 }, (_, i) => `w${i}`).join(" ");
    const [first, other] = [`A not ${long}`.slice(0, 400), `A ${long}`.slice(0, 400)];
    const both = { text: true, other: true };
    expect(against(other, first, both).filter((piece) => piece.differs)).toEqual([{ text: "not ", differs: true, lacks: true }]);
    expect(against(first, other, both).filter((piece) => piece.differs)).toEqual([{ text: "not", differs: true }]);
    expect(difference("a b c x y", "a b c dd", { other: true }).filter((piece) => piece.differs)).toEqual([]);
    expect(difference("a b c x y z", "a b c d e", { other: true }).filter((piece) => piece.differs)).toEqual([{ text: "x", differs: true }]);
    expect(against("a b c", "a b c d", { other: true }).some((piece) => piece.differs)).toBe(false);
    expect(against("a b", "a b c d").filter((piece) => piece.lacks)).toEqual([{ text: " c d", differs: true, lacks: true }]);
  });

  it("is quick with long texts that have nothing in common", () => {
    const [a, b] = [0, 1].map((k) => Array.from({ length: 20_000 }, (_, i) => `word${2 * i + k}`).join(" "));
    const start = performance.now();
    expect(marked(a, b)).toHaveLength(1);
    expect(marked(`${a} same`, `${b} same`)).toHaveLength(1);
    expect(performance.now() - start).toBeLessThan(4000);
  });

  it("joined is the text again, and what is left is in the other in the same order", () => {
    const words = fc.array(fc.constantFrom("a", "b", "c", "d", " ", "  ", "!"), { maxLength: 14 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(words, words, (a, b) => {
        const pieces = difference(a, b);
        expect(pieces.map(({ text }) => text).join("")).toBe(a);
        expect(pieces.every(({ differs }, i) => i === 0 || differs !== pieces[i - 1].differs)).toBe(true);
        const tokens = (text: string) => text.match(/[a-z]+|!/g) ?? [];
        const left = pieces.filter(({ differs }) => !differs).flatMap(({ text }) => tokens(text));
        let at = 0;
        for (const token of tokens(b)) if (token === left[at]) at++;
        expect(at).toBe(left.length);
        expect(marked(a, a)).toEqual([]);
        const there = against(a, b).filter(({ differs, lacks }) => lacks || !differs);
        if (against(a, b).every(({ differs, lacks }) => lacks || !differs)) expect(there.flatMap(({ text }) => tokens(text))).toEqual(tokens(b));
      }),
    );
  });
});
