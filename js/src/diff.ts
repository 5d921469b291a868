// Where two near copies differ, word by word, so that an eye need not look for it. Pure.

export interface Piece {
  text: string;
  differs: boolean;
}

/** Cells of the table of common words; beyond that a word differs where the other text has it less often. */
const MOST = 250_000;

/** Words, numbers and signs; a sign of a script without spaces is a word. White space is no difference. */
const TOKENS = /\s+|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{M}\p{N}]+(?:['’.,]\p{N}+|['’]\p{L}+)*|[^\s\p{L}\p{M}\p{N}]/gu;

const isSpace = (token: string): boolean => token.trim() === "";

/** The pieces of `text`, those marked that are not in `other` in the same order. Joined they are `text`. */
export function difference(text: string, other: string): Piece[] {
  const tokens = text.match(TOKENS) ?? [];
  const words = tokens.filter((token) => !isSpace(token));
  const common = shared(words, (other.match(TOKENS) ?? []).filter((token) => !isSpace(token)));
  let at = 0;
  const marked = tokens.map((token): Piece => ({ text: token, differs: !isSpace(token) && !common[at++] }));
  // the space between two words that differ differs with them: one mark, not two
  const said = marked.map((piece, i) => (isSpace(piece.text) && marked[i - 1]?.differs && marked[i + 1]?.differs ? { ...piece, differs: true } : piece));
  return said.reduce<Piece[]>((pieces, piece) => {
    const last = pieces.at(-1);
    return last?.differs === piece.differs ? [...pieces.slice(0, -1), { text: last.text + piece.text, differs: last.differs }] : [...pieces, piece];
  }, []);
}

/** Which words of `a` are in a longest common subsequence with `b`. */
function shared(a: string[], b: string[]): boolean[] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const [x, y] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  const middle = x.length * y.length > MOST ? counted(x, y) : walked(x, y);
  return [...Array<boolean>(start).fill(true), ...middle, ...Array<boolean>(end).fill(true)];
}

function walked(x: string[], y: string[]): boolean[] {
  const width = y.length + 1;
  const longest = new Uint32Array((x.length + 1) * width);
  for (let i = x.length - 1; i >= 0; i--) {
    for (let j = y.length - 1; j >= 0; j--) longest[i * width + j] = x[i] === y[j] ? longest[(i + 1) * width + j + 1] + 1 : Math.max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
  }
  const found = Array<boolean>(x.length).fill(false);
  for (let i = 0, j = 0; i < x.length && j < y.length; ) {
    if (x[i] === y[j]) {
      found[i++] = true;
      j++;
    } else if (longest[(i + 1) * width + j] >= longest[i * width + j + 1]) i++;
    else j++;
  }
  return found;
}

function counted(x: string[], y: string[]): boolean[] {
  const left = new Map<string, number>();
  for (const word of y) left.set(word, (left.get(word) ?? 0) + 1);
  return x.map((word) => {
    const count = left.get(word) ?? 0;
    left.set(word, count - 1);
    return count > 0;
  });
}
