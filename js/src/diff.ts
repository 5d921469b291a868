// Where two near copies differ, word by word, so that an eye need not look for it. Pure.

export interface Piece {
  text: string;
  differs: boolean;
  /** It is what the other text has here, and this one has nothing in its place. */
  lacks?: boolean;
}

/** Cells of the table of common words; beyond that a word differs where the other text has it less often. */
const MOST = 250_000;

/** Words, numbers and signs; a sign of a script without spaces is a word. White space is no difference. */
const TOKENS = /\s+|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{M}\p{N}]+(?:['’.,]\p{N}+|['’]\p{L}+)*|[^\s\p{L}\p{M}\p{N}]/gu;

const isSpace = (token: string): boolean => token.trim() === "";

/** Texts of which only the beginning is known: their last word may be torn, and what follows is not missing. */
export interface Cut {
  text?: boolean;
  other?: boolean;
}

/** The pieces of `text`, those marked that are not in `other` in the same order. Joined they are `text`. */
export function difference(text: string, other: string, cut: Cut = {}): Piece[] {
  return merged(against(text, other, cut).filter(({ lacks }) => !lacks));
}

/** The same with what `text` lacks. */
export function against(text: string, other: string, cut: Cut = {}): Piece[] {
  const tokens = text.match(TOKENS) ?? [];
  const others = other.match(TOKENS) ?? [];
  const known = (all: string[], torn = false) => all.flatMap((token, at) => (isSpace(token) ? [] : [at])).slice(0, torn ? -1 : undefined);
  const [words, theirs] = [known(tokens, cut.text), known(others, cut.other)];
  const found = shared(words.map((at) => tokens[at]), theirs.map((at) => others[at]));
  const last = found.reduce((before, at, i) => (at < 0 ? before : i), -1);
  // beyond the cut of the other nobody knows what it says
  const end = cut.other ? last + theirs.length - Math.max(-1, found[last] ?? -1) : words.length;
  const differs = new Set(words.filter((_, i) => found[i] < 0 && i < end));
  const gaps = new Map<number, string>();
  let next = 0;
  words.forEach((token, i) => {
    const at = found[i];
    if (at < 0) return;
    if (at > next && !differs.has(words[i - 1])) gaps.set(token, others.slice(theirs[next], theirs[at]).join(""));
    next = at + 1;
  });
  if (!cut.text && last === words.length - 1 && next < theirs.length) gaps.set(tokens.length, others.slice(next > 0 ? theirs[next - 1] + 1 : 0).join(""));
  const gap = (at: number): Piece[] => (gaps.has(at) ? [{ text: gaps.get(at)!, differs: true, lacks: true }] : []);
  return merged([...tokens.flatMap((token, at) => [...gap(at), { text: token, differs: differs.has(at) }]), ...gap(tokens.length)]);
}

/** Neighbours of one kind as one piece: the space between two words that differ differs with them. */
function merged(tokens: Piece[]): Piece[] {
  const said = tokens.map((piece, i) => (isSpace(piece.text) && tokens[i - 1]?.differs && tokens[i + 1]?.differs ? { ...piece, differs: true } : piece));
  return said.reduce<Piece[]>((pieces, piece) => {
    const last = pieces.at(-1);
    return last?.differs === piece.differs && last.lacks === piece.lacks ? [...pieces.slice(0, -1), { ...last, text: last.text + piece.text }] : [...pieces, piece];
  }, []);
}

/** For each word of `a` its place in `b`, in a longest common subsequence; -1 where it has none. */
function shared(a: string[], b: string[]): number[] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const [x, y] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  const middle = x.length * y.length > MOST ? counted(x, y) : walked(x, y);
  return a.map((_, i) => (i < start ? i : i >= a.length - end ? i + b.length - a.length : middle[i - start] < 0 ? -1 : middle[i - start] + start));
}

function walked(x: string[], y: string[]): number[] {
  const width = y.length + 1;
  const longest = new Uint32Array((x.length + 1) * width);
  for (let i = x.length - 1; i >= 0; i--) {
    for (let j = y.length - 1; j >= 0; j--) longest[i * width + j] = x[i] === y[j] ? longest[(i + 1) * width + j + 1] + 1 : Math.max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
  }
  const found = Array<number>(x.length).fill(-1);
  for (let i = 0, j = 0; i < x.length && j < y.length; ) {
    if (x[i] === y[j]) {
      found[i++] = j++;
    } else if (longest[(i + 1) * width + j] >= longest[i * width + j + 1]) i++;
    else j++;
  }
  return found;
}

function counted(x: string[], y: string[]): number[] {
  const left = new Map<string, number[]>();
  for (let at = y.length - 1; at >= 0; at--) {
    const there = left.get(y[at]);
    if (there) there.push(at);
    else left.set(y[at], [at]);
  }
  return x.map((word) => left.get(word)?.pop() ?? -1);
}
