import { describe, expect, it } from 'vitest'
import type { HeaderValue } from '../../header/header.ts'
import { inputTensor } from '../operations.ts'
import { gatedUnit, isLimited, limitVariant } from './swiglu-limit.ts'

const withHeader = (header: Record<string, HeaderValue>) => ({ hyperparameter: (key: string) => header[key] })

describe('isLimited', () => {
  it.each<[string, HeaderValue | undefined, readonly boolean[]]>([
    ['no block without the key', undefined, [false, false]],
    ['every block by one number', 7, [true, true]],
    ['the blocks a list names', [0, 7], [false, true]],
    ['none by what is next to nothing', 1e-7, [false, false]],
  ])('limits %s', (_, limits, expected) => {
    const model = withHeader(limits === undefined ? {} : { swiglu_clamp_exp: limits })
    expect([0, 1].map((il) => isLimited(model, 'swiglu_clamp_exp', il))).toEqual(expected)
  })
})

it('tells blocks apart by both of their limits', () => {
  const model = withHeader({ swiglu_clamp_exp: [0, 1, 0, 1], swiglu_clamp_shexp: [0, 0, 1, 1] })
  expect([0, 1, 2, 3].map((il) => limitVariant(model, il))).toEqual([0, 1, 2, 3])
})

it('takes the unit apart where it is limited', () => {
  const [gate, up] = [inputTensor('f32', 8), inputTensor('f32', 8)]
  expect(gatedUnit(gate, up, false).op).toBe('GLU')
  const limited = gatedUnit(gate, up, true)
  expect([limited.op, ...limited.src.map((source) => source?.op)]).toEqual(['MUL', 'CLAMP', 'CLAMP'])
})
