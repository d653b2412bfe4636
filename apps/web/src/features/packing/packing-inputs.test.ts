import { machineId } from '@berth/core'
import { describe, expect, it } from 'vitest'
import {
  type DemandInputs,
  issueOf,
  newDemand,
  packingLimits,
  packingParsers,
  packingRequest,
} from './packing-inputs.ts'

const { demands } = packingParsers
const one: DemandInputs = {
  ...{ ...newDemand, model: 'llama-3-8b', mix: 'Q4_K_M', replicas: 3, priority: 2, context: 4096, slots: 2 },
  ...{ machines: [machineId('a'), machineId('b-1')], label: 'rack!=a, b;c' },
}

describe('the address', () => {
  it('holds every row as it is', () => {
    const rows = [one, { ...newDemand, model: 'id-of-a-stored-model' }]
    expect(demands.parse(demands.serialize(rows))).toEqual(rows)
  })

  it.each(['', 'x', 'llama-3-8b,Q4_K_M,-1,0,1,1,llama.cpp,,', 'a,b,1,2', '%E0%A4%A,,many,0,1,1,,,'])(
    'is typed by hand too: %j is none',
    (text) => {
      expect(demands.parse(text)).toBeNull()
    },
  )

  it('holds no more rows than may be asked', () => {
    const text = demands.serialize(Array.from({ length: 100 }, () => one))
    expect(demands.parse(text)).toHaveLength(packingLimits.demands)
  })
})

describe('the request', () => {
  const how = { policy: 'spread', seconds: 5 } as const

  it('asks for every row', () => {
    const labelled = { ...one, label: 'rack=a' }
    expect(packingRequest([labelled, { ...newDemand, model: 'stored' }], how)).toEqual({
      ...how,
      demands: [
        {
          ...{ model: { kind: 'catalogue', id: 'llama-3-8b', mix: 'Q4_K_M' }, engine: 'llama.cpp' },
          ...{ replicas: 3, priority: 2, request: { contextLength: 4096, parallel: 2 } },
          ...{ machineIds: ['a', 'b-1'], filter: { label: ['rack=a'] } },
        },
        {
          ...{ model: { kind: 'stored', id: 'stored' }, engine: 'llama.cpp' },
          ...{ replicas: 1, priority: 0, request: { contextLength: 8192, parallel: 1 } },
        },
      ],
    })
  })

  it.each([
    ['no row', []],
    ['a row without a model', [newDemand]],
    ['a label that is none', [{ ...one, label: '!!' }]],
    ['an engine that reads no GGUF file', [{ ...one, label: '', engine: 'tabbyapi' }]],
    ['a mix that is none', [{ ...one, label: '', mix: 'huge' }]],
  ])('is none with %s', (_, rows) => {
    expect(packingRequest(rows, how)).toBeUndefined()
  })

  it('says what is wrong with a row', () => {
    expect(issueOf(newDemand)).toBe('Choose a model.')
    expect(issueOf({ ...one, label: 'a b' })).toBe('Write rack, !rack, rack=a or rack!=a.')
    expect(issueOf({ ...one, label: '' })).toBeUndefined()
  })
})
