import { describe, expect, it } from 'vitest'
import type { HeaderValue } from '../../header/header.ts'
import { deepstackLayers, deepstackSlice } from './deepstack.ts'

const withHeader = (header: Record<string, HeaderValue>) => ({ hyperparameter: (key: string) => header[key] })
const none = undefined

describe('deepstackSlice', () => {
  it.each<[string, Record<string, HeaderValue>, number, readonly (number | undefined)[]]>([
    ['nothing', {}, 0, [none, none, none, none]],
    ['the next slice behind each of the first blocks', { n_deepstack_layers: 2 }, 2, [1, 2, none, none]],
    // Granite names the block in front of which a slice is added; the first block reads slice 0 as it is.
    ['what the mapping names', { deepstack_mapping: [0, -1, 1, 2] }, 3, [none, 1, 2, none]],
    ['nothing where the mapping is empty', { deepstack_mapping: [-1, -1, -1, -1] }, 0, [none, none, none, none]],
  ])('adds %s', (_, header, layers, slices) => {
    const model = withHeader(header)
    expect(deepstackLayers(model)).toBe(layers)
    expect([0, 1, 2, 3].map((il) => deepstackSlice(model, il))).toEqual(slices)
  })
})
