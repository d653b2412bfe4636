import { mebibytes, requestDefaults } from '@berth/core'
import { createLoader } from 'nuqs/server'
import { describe, expect, it } from 'vitest'
import { inputsOf, planParsers, requestOf, writePlanInputs } from './plan-inputs.ts'

const read = createLoader(planParsers)

describe('plan inputs', () => {
  it('start from llama.cpp’s defaults with a context of 8192', () => {
    expect(requestOf(read(''))).toEqual({ ...requestDefaults, contextLength: 8192 })
  })

  it('survive the address bar', () => {
    const inputs = read(
      '?model=m1&mix=q4_K_M&ctx=32768&np=4&ctk=q8_0&ctv=q4_0&ub=1024&fa=on&margin=512&margins=512,2048&sm=tensor&prefer=room-for-another&other=m2&otherMix=Q8_0&split=gpu-0:81&machine=x&show=2',
    )
    expect(read(writePlanInputs(inputs))).toEqual(inputs)
    expect(writePlanInputs(read(''))).toBe('')
  })

  it.each([
    '?engine=tabbyapi&ctx=32768&np=4&chunk=512&cache=Q4&fa=off&margin=512',
    '?ctx=32768&np=4&ctk=q8_0&ctv=q4_0&ub=4096&fa=off&kvu=true&sm=none&margin=512&margins=1024,2048',
  ])('come back from the request they lead to: %s', (query) => {
    const inputs = read(query)
    const { engine } = inputs
    expect(requestOf({ ...read(''), engine, ...inputsOf(requestOf(inputs)) })).toEqual(requestOf(inputs))
  })

  it.each([
    ['?ctx=-5', { contextLength: 256 }],
    ['?ctx=99999999999', { contextLength: 2_147_483_647 }],
    ['?np=0', { parallel: 1 }],
    ['?ub=1', { ubatchSize: 32 }],
    ['?margin=-1', { margin: 0 }],
    ['?margins=512,99999', { deviceMargins: [mebibytes(512), mebibytes(65_536)] }],
    ['?margin=2048', { margin: mebibytes(2048) }],
    // what is no number, or no cache type, is the default
    ['?ctx=many&ctk=q9_9', { contextLength: 8192, cacheTypeK: 'f16' }],
    ['?ub=4096', { ubatchSize: 4096, batchSize: 4096 }],
    // an engine of folders has a chunk and caches of its own
    [
      '?engine=exllamav2&ctk=q8_0&ub=4096&chunk=1024&cache=Q6',
      { cacheTypeK: 'f16', ubatchSize: 512, batchSize: 1024, exl2Cache: 'Q6' },
    ],
    ['?engine=tabbyapi&chunk=1', { batchSize: 256 }],
  ])('%s asks for %j', (query, expected) => {
    expect(requestOf(read(query))).toMatchObject(expected)
  })
})

it.each(['', 'many', '1024,', '1024,-1', '1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17'])(
  'margins %j are none',
  (margins) => expect(requestOf(read({ margins }))).not.toHaveProperty('deviceMargins'),
)
