/** Ends a line in a C# source beside the control characters: next line, line separator, paragraph separator. */
const ESCAPED = /[\\"\u{0}-\u{1F}\u{7F}-\u{9F}\u{2028}\u{2029}]/gu

/** A regular string literal (C# specification 6.4.5.6). */
export const csharpString = (text: string): string => `"${text.replace(ESCAPED, escape)}"`

const escape = (character: string): string =>
  character === '\\' || character === '"'
    ? `\\${character}`
    : String.raw`\u${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`
