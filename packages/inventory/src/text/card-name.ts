/** The name of a card of which no tool prints any. */
export const unknownName = 'Unknown GPU'

interface Named {
  readonly name?: string
  readonly nameCutShort?: boolean
}

/** A card's name without vendor and driver: "AMD Radeon RX 7900 XTX (RADV NAVI31)" is the HIP device's name with both. */
export const cardName = (name: string): string =>
  name
    .toLowerCase()
    .replace(/\.\.\.$/, '')
    .replace(/\((?:radv|amd|nvidia|intel|tm|r)\b[^)]*\)/g, '')
    .replace(/\b(?:nvidia|amd|ati|intel)\b/g, '')
    // Kubernetes labels have dashes for spaces.
    .replace(/[\s-]+/g, ' ')
    .trim()

/** Whether two tools may mean one card; a name that is not printed contradicts none. */
export function sameCardName(left: Named, right: Named): boolean {
  if (left.name === undefined || right.name === undefined) return true
  const [a, b] = [cardName(left.name), cardName(right.name)]
  if (a === b) return true
  return (left.nameCutShort === true && b.startsWith(a)) || (right.nameCutShort === true && a.startsWith(b))
}
