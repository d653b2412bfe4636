import { describe, expect, it } from 'vitest'
import { moved, within } from './grid-move.ts'

const size = { rows: 20, columns: 10, page: 6 }
const key = (name: string, ctrlKey = false) => ({ key: name, ctrlKey, metaKey: false })

describe('moved', () => {
  it.each([
    ['ArrowDown', false, [3, 4], [4, 4]],
    ['ArrowUp', false, [3, 4], [2, 4]],
    ['ArrowLeft', false, [3, 4], [3, 3]],
    ['ArrowRight', false, [3, 4], [3, 5]],
    // The headings are part of the way.
    ['ArrowUp', false, [0, 4], [-1, 4]],
    ['ArrowLeft', false, [3, 0], [3, -1]],
    // The edges hold.
    ['ArrowDown', false, [19, 4], [19, 4]],
    ['ArrowRight', false, [3, 9], [3, 9]],
    // Nothing is in the corner.
    ['ArrowUp', false, [0, -1], [0, -1]],
    ['ArrowLeft', false, [-1, 0], [0, -1]],
    ['PageDown', false, [3, 4], [9, 4]],
    ['PageDown', false, [18, 4], [19, 4]],
    // A page up ends at the first row; what stands in the headings stays there.
    ['PageUp', false, [3, 4], [0, 4]],
    ['PageUp', false, [-1, 4], [-1, 4]],
    ['Home', false, [3, 4], [3, -1]],
    ['End', false, [3, 4], [3, 9]],
    ['Home', true, [3, 4], [0, 0]],
    ['End', true, [3, 4], [19, 9]],
    ['ArrowDown', true, [3, 4], [19, 4]],
    ['ArrowUp', true, [3, 4], [-1, 4]],
  ] as const)('%s (control: %s) leads from %j to %j', (name, control, [row, column], to) => {
    expect(moved({ row, column }, size, key(name, control))).toEqual({ row: to[0], column: to[1] })
  })

  it.each(['Enter', 'a', 'Tab', 'constructor'])('%s does not move', (name) => {
    expect(moved({ row: 0, column: 0 }, size, key(name))).toBeUndefined()
  })
})

it('finds the nearest place where rows have gone', () => {
  expect(within({ row: 12, column: 4 }, { rows: 3, columns: 2 })).toEqual({ row: 2, column: 1 })
  expect(within({ row: 2, column: 2 }, { rows: 0, columns: 0 })).toEqual({ row: -1, column: -1 })
})
