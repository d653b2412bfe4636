/**
 * As a person sorts names: `lab-2` before `lab-10`, and letters without regard to their case. By code units and not by
 * a locale, so that every server and browser agrees; texts that differ in case alone follow each other in one order.
 */
export function naturalOrder(a: string, b: string): number {
  const left = partsOf(a)
  const right = partsOf(b)
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const order = comparePart(left[at]!, right[at]!)
    if (order !== 0) return order
  }
  return left.length - right.length || compareText(a, b)
}

const partsOf = (text: string): readonly string[] => text.toLowerCase().match(/\d+|\D+/g) ?? []

function comparePart(a: string, b: string): number {
  const [x, y] = [digitsOf(a), digitsOf(b)]
  if (x === undefined || y === undefined) return compareText(a, b)
  return x.length - y.length || compareText(x, y)
}

/** Without leading zeros: then the longer one is the larger, however long. */
const digitsOf = (part: string): string | undefined => (/^\d/.test(part) ? part.replace(/^0+(?=\d)/, '') : undefined)

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
