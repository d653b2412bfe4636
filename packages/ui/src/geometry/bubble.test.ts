import { describe, expect, it } from 'vitest'
import { placeBubble } from './bubble.ts'

const bubble = { width: 100, height: 30 }
const viewport = { width: 360, height: 640 }

describe('placeBubble', () => {
  it.each([
    ['above and centred', { left: 150, top: 300, width: 60, height: 20 }, { left: 130, top: 264 }],
    ['below where there is no room above', { left: 150, top: 20, width: 60, height: 20 }, { left: 130, top: 46 }],
    ['inside the left edge', { left: 0, top: 300, width: 20, height: 20 }, { left: 8, top: 264 }],
    ['inside the right edge', { left: 350, top: 300, width: 10, height: 20 }, { left: 252, top: 264 }],
  ])('lies %s', (_, anchor, expected) => {
    expect(placeBubble({ anchor, bubble, viewport })).toEqual(expected)
  })
})
