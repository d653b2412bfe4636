/** Beside its delimiters a literal may hold nothing that ends a line: some control characters, and two separators. */
const ESCAPED = /[\\"\p{Cc}\p{Zl}\p{Zp}]/gu

/** A regular string literal (C# specification 6.4.5.6). */
export const csharpString = (text: string): string => `"${text.replace(ESCAPED, escape)}"`

const escape = (character: string): string =>
  character === '\\' || character === '"'
    ? `\\${character}`
    : String.raw`\u${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`
