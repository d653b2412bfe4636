/**
 * Arithmetic on colours for the palette's test: contrast as WCAG 2.2 defines it, distance in OKLab, and how a colour looks
 * with a colour vision deficiency (full protanopia, deuteranopia, tritanopia; matrices of Machado, Oliveira and Fernandes, 2009).
 */

type Triple = readonly [number, number, number]
type Matrix = readonly [Triple, Triple, Triple]

const visions = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
} as const satisfies Record<string, Matrix>

const toLms = [
  [0.4122214708, 0.5363325363, 0.0514459929],
  [0.2119034982, 0.6806995451, 0.1073969566],
  [0.0883024619, 0.2817188376, 0.6299787005],
] as const satisfies Matrix

const toLab = [
  [0.2104542553, 0.793617785, -0.0040720468],
  [1.9779984951, -2.428592205, 0.4505937099],
  [0.0259040371, 0.7827717662, -0.808675766],
] as const satisfies Matrix

const dot = (a: Triple, b: Triple): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
const times = (matrix: Matrix, v: Triple): Triple => [dot(matrix[0], v), dot(matrix[1], v), dot(matrix[2], v)]
const map = (v: Triple, f: (x: number) => number): Triple => [f(v[0]), f(v[1]), f(v[2])]

/** `#rrggbb` to linear light, 0 to 1 a channel. */
function linear(hex: string): Triple {
  const channel = (at: number): number => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  return [channel(1), channel(3), channel(5)]
}

const luminance = (hex: string): number => dot([0.2126, 0.7152, 0.0722], linear(hex))

/** WCAG contrast ratio of two colours, 1 to 21. */
export function contrast(a: string, b: string): number {
  const [darker, lighter] = [luminance(a), luminance(b)].toSorted((x, y) => x - y) as [number, number]
  return (lighter + 0.05) / (darker + 0.05)
}

/** OKLab coordinates of a colour as one vision sees it. */
function seen(hex: string, vision: Matrix): Triple {
  const light = map(times(vision, linear(hex)), (x) => Math.min(1, Math.max(0, x)))
  return times(toLab, map(times(toLms, light), Math.cbrt))
}

/** The smallest OKLab distance of two colours over normal, protan, deutan and tritan vision. */
export const distance = (a: string, b: string): number =>
  Math.min(
    ...Object.values(visions).map((vision) => {
      const [p, q] = [seen(a, vision), seen(b, vision)]
      return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2])
    }),
  )
