import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { contrast, distance } from './palette.ts'

const css = readFileSync(new URL('theme.css', import.meta.url), 'utf8')

const variablesOf = (selector: string): Readonly<Record<string, string>> => {
  const block = css.split(`\n${selector} {`)[1]?.split('\n}')[0] ?? ''
  return Object.fromEntries([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map((found) => [found[1], found[2]]))
}

const pairs = <T>(items: readonly T[]) => items.flatMap((a, i) => items.slice(i + 1).map((b) => [a, b] as const))

const surfaces = ['page', 'surface', 'surface-sunken']
const segments = ['model', 'context', 'compute', 'overhead', 'others']
const devices = [0, 1, 2, 3, 4, 5]
/** What is to spare, from the most that is lacking on. */
const fits = ['minus-3', 'minus-2', 'minus-1', 'zero', 'plus-1', 'plus-2', 'plus-3']
const nextTo = fits.slice(1).map((after, at) => [fits[at]!, after] as const)

describe('the arithmetic', () => {
  it('agrees with known contrast ratios', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 6)
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.478, 2)
  })
  it('sees that red and green collapse for deutan eyes', () => {
    expect(distance('#ef4444', '#ef4444')).toBe(0)
    expect(distance('#22c55e', '#f59e0b')).toBeLessThan(0.1)
  })
})

describe.each([
  ['light', variablesOf(':root')],
  ['dark', variablesOf('.dark')],
])('%s palette', (_, variables) => {
  const colour = (name: string): string => {
    const value = variables[name]
    if (!value) throw new Error(`theme.css has no --${name}`)
    return value
  }

  it.each(pairs(segments))('keeps %s and %s apart under every vision', (a, b) => {
    expect(distance(colour(`segment-${a}`), colour(`segment-${b}`))).toBeGreaterThanOrEqual(0.17)
  })

  it.each(segments)('draws %s at 3:1 on the track and its label at 4.5:1', (kind) => {
    expect(contrast(colour(`segment-${kind}`), colour('track'))).toBeGreaterThanOrEqual(3)
    expect(contrast(colour(`segment-${kind}-ink`), colour(`segment-${kind}`))).toBeGreaterThanOrEqual(4.5)
  })

  it.each(segments)('keeps what is reserved apart from %s, and readable', (kind) => {
    expect(distance(colour('reserved'), colour(`segment-${kind}`))).toBeGreaterThanOrEqual(0.1)
    expect(contrast(colour('reserved'), colour('track'))).toBeGreaterThanOrEqual(3)
    expect(contrast(colour('reserved-ink'), colour('reserved'))).toBeGreaterThanOrEqual(4.5)
  })

  it.each(devices)('keeps device %i apart from the next and from the track', (device) => {
    const next = (device + 1) % devices.length
    expect(distance(colour(`device-${device}`), colour(`device-${next}`))).toBeGreaterThanOrEqual(0.17)
    expect(contrast(colour(`device-${device}`), colour('track'))).toBeGreaterThanOrEqual(3)
  })

  it.each(pairs(devices))('keeps devices %i and %i apart', (a, b) => {
    expect(distance(colour(`device-${a}`), colour(`device-${b}`))).toBeGreaterThanOrEqual(0.09)
  })

  it.each(fits)('writes on fit-%s at 4.5:1, also what is less important', (step) => {
    for (const ink of ['text', 'text-secondary']) {
      expect(contrast(colour(ink), colour(`fit-${step}`))).toBeGreaterThanOrEqual(4.5)
    }
  })

  it.each(nextTo)('keeps fit-%s and fit-%s apart under every vision', (a, b) => {
    expect(distance(colour(`fit-${a}`), colour(`fit-${b}`))).toBeGreaterThanOrEqual(0.03)
  })

  it.each([1, 2, 3])('tells %i steps to spare from as many lacking under every vision', (steps) => {
    const apart = distance(colour(`fit-plus-${steps}`), colour(`fit-minus-${steps}`))
    expect(apart).toBeGreaterThanOrEqual(0.045 * steps)
  })

  it.each(['plus', 'minus'])('is stronger the further %s it is', (side) => {
    const far = [1, 2, 3].map((steps) => distance(colour(`fit-${side}-${steps}`), colour('surface')))
    expect(far).toEqual(far.toSorted((a, b) => a - b))
  })

  it.each(['text', 'text-secondary', 'text-tertiary', 'accent', 'good', 'tight', 'bad'])(
    '%s reads on every surface',
    (name) => {
      for (const surface of surfaces) {
        expect(contrast(colour(name), colour(surface))).toBeGreaterThanOrEqual(4.5)
      }
    },
  )

  it.each(['text', 'text-secondary'])('%s reads on a hovered row', (name) => {
    expect(contrast(colour(name), colour('surface-hover'))).toBeGreaterThanOrEqual(4.5)
  })

  it.each(['good', 'tight', 'bad', 'accent'])('%s and secondary text read on its soft background', (name) => {
    expect(contrast(colour(name), colour(`${name}-soft`))).toBeGreaterThanOrEqual(4.5)
    expect(contrast(colour('text-secondary'), colour(`${name}-soft`))).toBeGreaterThanOrEqual(4.5)
  })

  it('shows control borders and focus at 3:1 and button labels at 4.5:1', () => {
    for (const surface of surfaces) {
      expect(contrast(colour('line-strong'), colour(surface))).toBeGreaterThanOrEqual(3)
      expect(contrast(colour('focus'), colour(surface))).toBeGreaterThanOrEqual(3)
    }
    expect(contrast(colour('text-inverse'), colour('strong'))).toBeGreaterThanOrEqual(4.5)
    expect(contrast(colour('text-inverse'), colour('strong-hover'))).toBeGreaterThanOrEqual(4.5)
  })
})
