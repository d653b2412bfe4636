const SHOWN_CHARACTERS = 80

/** Text from a file, safe to show: without control or direction-changing characters, cut to 80 characters. */
export const shown = (text: string): string => {
  const characters = Array.from(text.slice(0, 2 * SHOWN_CHARACTERS + 2))
  const head = characters.length > SHOWN_CHARACTERS ? `${characters.slice(0, SHOWN_CHARACTERS).join('')}…` : text
  return head.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '\u{FFFD}')
}

/** A URL without its query, fragment and user: signed URLs carry secrets there. */
export const shownUrl = (url: URL): string => `${url.protocol}//${url.host}${url.pathname}`
