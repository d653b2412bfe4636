import { machineId, tokens } from '@berth/core'
import { expect, it } from 'vitest'
import type { PackingInput, PackingView } from '../../trpc/types.ts'
import { reservationsOf } from './reservations-of.ts'

const request = { contextLength: tokens(4096) }
const asked: PackingInput = {
  policy: 'pack',
  demands: ['chat', 'code'].map((id) => ({
    model: { kind: 'catalogue', id, mix: 'Q4_K_M' },
    ...{ engine: 'llama.cpp', replicas: id === 'chat' ? 2 : 1, request },
  })),
}
const split = { devices: [], hostBlocks: 0, expertsOnHost: 0, overrides: [] }
const placed = [0, 1, 0].map((demand) => ({ demand, machineId: machineId('a'), placement: { split } }))
const demands = ['Chat', 'Code'].map((name, at) => ({ name, replicas: 2 - at }))

it('names every replica and keeps its split', () => {
  const packing = { placed, demands } as unknown as PackingView
  expect(reservationsOf(packing, asked, { owner: 'ops', purpose: 'Launch' })).toEqual(
    [
      ['chat', 'Launch: Chat, replica 1'],
      ['code', 'Launch: Code'],
      ['chat', 'Launch: Chat, replica 2'],
    ].map(([id, purpose]) => ({
      ...{ owner: 'ops', purpose },
      what: {
        ...{ kind: 'inputs', model: { kind: 'catalogue', id, mix: 'Q4_K_M' }, machineId: 'a' },
        ...{ engine: 'llama.cpp', request, split },
      },
    })),
  )
})
