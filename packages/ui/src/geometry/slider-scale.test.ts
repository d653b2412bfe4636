import { describe, expect, it } from 'vitest'
import { doublingScale, linearScale } from './slider-scale.ts'

describe('linearScale', () => {
  const scale = linearScale(1, 64, 1)
  it('has a position a step', () => {
    expect(scale.positions).toBe(63)
    expect(scale.toValue(0)).toBe(1)
    expect(scale.toValue(63)).toBe(64)
  })
  it('clamps values from outside', () => {
    expect(scale.toPosition(-5)).toBe(0)
    expect(scale.toPosition(1000)).toBe(63)
  })
})

describe('doublingScale', () => {
  it.each([
    [256, 131_072, 256],
    [256, 40_960, 256],
    [512, 8192, 256],
  ])('reaches both ends of %d to %d and only multiples between', (min, max, multiple) => {
    const scale = doublingScale(min, max, multiple)
    expect(scale.toValue(0)).toBe(min)
    expect(scale.toValue(scale.positions)).toBe(max)
    const values = Array.from({ length: scale.positions + 1 }, (_, position) => scale.toValue(position))
    expect(values).toEqual([...new Set(values)].toSorted((a, b) => a - b))
    expect(values.slice(1, -1).filter((value) => value % multiple !== 0)).toEqual([])
  })

  it('finds the position of every value it offers', () => {
    const scale = doublingScale(256, 131_072, 256)
    for (let position = 0; position <= scale.positions; position += 1) {
      expect(scale.toPosition(scale.toValue(position))).toBe(position)
    }
  })

  it('offers the powers of two people ask for', () => {
    const scale = doublingScale(256, 131_072, 256)
    for (const value of [4096, 8192, 16_384, 32_768, 65_536]) expect(scale.toValue(scale.toPosition(value))).toBe(value)
  })
})
