import { describe, expect, it } from 'vitest'
import { factsOf, type HeaderFacts } from '../../header/facts.ts'
import type { HeaderValue } from '../../header/header.ts'
import { positionsBySections, windowedByPattern } from './architecture.ts'

const factsWith = (keys: Readonly<Record<string, HeaderValue>>): HeaderFacts => {
  const metadata = Object.fromEntries(Object.entries(keys).map(([key, value]) => [`x.${key}`, value]))
  return factsOf({ metadata, trimmedArrayLengths: {}, tensors: [] }, 'x')
}

const written = (windowed: readonly boolean[]): string => windowed.map((one) => (one ? 'w' : 'F')).join('')

describe('windowedByPattern', () => {
  const window = { 'attention.sliding_window': 64 }
  const pattern = 'attention.sliding_window_pattern'

  it.each<[string, Record<string, HeaderValue>, { readonly fullFirst?: true }, string]>([
    ['the last block of a period', window, {}, 'wwwFww'],
    ['the first block of a period', window, { fullFirst: true }, 'FwwwFw'],
    ["the header's period", { ...window, [pattern]: 3 }, {}, 'wwFwwF'],
    ['none, where the period is 0', { ...window, [pattern]: 0 }, {}, 'wwwwww'],
    ['all, where the period is 1', { ...window, [pattern]: 1 }, {}, 'FFFFFF'],
    ['what the header lists', { ...window, [pattern]: [false, true, true, false, false, true] }, {}, 'FwwFFw'],
    // A list that ends early leaves the rest as they were set up: without a window.
    ['what a short list does not name', { ...window, [pattern]: [true, true] }, {}, 'wwFFFF'],
    ['speculative blocks', { ...window, nextn_predict_layers: 1 }, {}, 'wwwFwF'],
  ])('attends to everything in %s', (_, keys, options, expected) => {
    expect(written(windowedByPattern(4, options)(factsWith(keys), 6)?.windowed ?? [])).toBe(expected)
  })
})

it('knows no windows where the header has none', () => {
  expect(windowedByPattern(4)(factsWith({ 'attention.sliding_window_pattern': 3 }), 6)).toBeUndefined()
})

it.each<[HeaderValue | undefined, number]>([
  [undefined, 1],
  [[16, 24, 24, 0], 4],
  [[0, 0, 0, 0], 1],
  [[16, 0, 0, 0], 1],
])('reads %o as %d positions a token', (sections, positions) => {
  expect(positionsBySections(factsWith(sections ? { 'rope.dimension_sections': sections } : {}))).toBe(positions)
})
