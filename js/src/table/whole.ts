// How much of a text is shown. Pure.

/** What may not stand alone at the end of a piece: marks that combine, what joins emoji, half a pair. */
const JOINS = /\p{M}|\p{Emoji_Modifier}|\u200d/u;

/** The beginning of a text, of about so many characters; never half of one. */
export function beginning(text: string, characters: number): string {
  if (text.length <= characters) return text;
  let end = characters;
  for (let tries = 0; tries < 32 && end > 0; tries++) {
    const code = text.codePointAt(end)!;
    const half = code >= 0xdc00 && code <= 0xdfff;
    if (!half && !JOINS.test(String.fromCodePoint(code)) && text[end - 1] !== "\u200d") break;
    end--;
  }
  return text.slice(0, end || characters);
}
