import { expect, it } from 'vitest'
import { engines } from '../../engines/index.ts'
import { machineId } from '../../ids.ts'
import { llama70b, llama8b, llamaModel } from '../../placement/fixtures.ts'
import { gibibytes } from '../../units.ts'
import { explainUnplaced } from './explain.ts'
import { demandFor, labMachine } from './fixtures.ts'
import { packGreedily } from './greedy.ts'
import { planProblem } from './plan-problem.ts'
import type { PackDemand } from './problem.ts'
import { unplacedOf } from './unplaced.ts'

const small = demandFor(llamaModel(llama8b))
const large = demandFor(llamaModel(llama70b))
const names = ['Chat', 'Code', 'Search']

function sentences(machines: Parameters<typeof planProblem>[0]['machines'], demands: readonly PackDemand[]) {
  const problem = planProblem({ machines, demands, policy: 'pack' })
  return unplacedOf(problem, packGreedily(problem)).map((one) => [
    names[one.demand],
    one.missing,
    ...explainUnplaced(one, { problem, names }),
  ])
}

const one24 = labMachine('alpha', [{ gib: 24 }])
const reserved = { ...one24, devices: one24.devices.map((device) => ({ ...device, memoryReserved: gibibytes(20) })) }
const only = new Set([machineId('alpha')])

it.each([
  [
    'too large for all',
    [one24, labMachine('beta', [{ gib: 12 }])],
    [large],
    [
      'Chat',
      1,
      'It is too large for alpha even with nothing running there. GPU 0 (card of 24 GiB) needs 38.45 GiB; 23.00 GiB are left of 24.00 GiB after a margin of 1.00 GiB; short by 15.45 GiB.',
      'Of the other machines, 1 is too small even when empty.',
    ],
  ],
  [
    'kept from the one that has room',
    [one24, labMachine('beta', [{ gib: 48 }])],
    [{ ...large, allowed: only }],
    [
      'Chat',
      1,
      'It is too large for alpha even with nothing running there. GPU 0 (card of 24 GiB) needs 38.45 GiB; 23.00 GiB are left of 24.00 GiB after a margin of 1.00 GiB; short by 15.45 GiB.',
      'beta would have room, but it may not run there.',
    ],
  ],
  [
    'what runs',
    [labMachine('alpha', [{ gib: 24, used: 20 }])],
    [small],
    [
      'Chat',
      1,
      'It would fit alpha if that were empty: of its GPUs 20.00 GiB are in use. GPU 0 (card of 24 GiB) needs 5.11 GiB; 3.00 GiB are left of 24.00 GiB after 20.00 GiB in use and a margin of 1.00 GiB; short by 2.11 GiB.',
    ],
  ],
  [
    'what is reserved',
    [reserved],
    [small],
    [
      'Chat',
      1,
      'It would fit alpha if that were empty: of its GPUs 20.00 GiB are reserved. GPU 0 (card of 24 GiB) needs 5.11 GiB; 3.00 GiB are left of 24.00 GiB after 20.00 GiB reserved and a margin of 1.00 GiB; short by 2.11 GiB.',
    ],
  ],
  [
    'its own replicas',
    [one24],
    [{ ...small, replicas: 5 }],
    [
      'Chat',
      1,
      'alpha had room, and its own replicas took it: 2.57 GiB are left on its GPUs, one more replica needs 5.11 GiB.',
    ],
  ],
  [
    'a higher priority',
    [one24],
    [{ ...small, replicas: 4, priority: 1 }, small],
    [
      'Code',
      1,
      'alpha had room, and Chat (of higher priority) took it: 2.57 GiB are left on its GPUs, one more replica needs 5.11 GiB.',
    ],
  ],
  [
    'fragments',
    [labMachine('alpha', [{ gib: 9 }, { gib: 9 }, { gib: 9 }])],
    [{ ...small, replicas: 4 }],
    [
      'Chat',
      1,
      'alpha has 8.68 GiB left on its GPUs in sum and one replica needs 5.11 GiB, but no choice of GPUs has it together.',
    ],
  ],
  [
    'an engine that places layers itself',
    [one24],
    [{ ...small, engine: engines.ollama }],
    ['Chat', 1, 'ollama places layers itself, by what is free when it starts: where they lie cannot be promised.'],
  ],
  [
    'no machine allowed',
    [one24],
    [{ ...small, allowed: new Set<never>() }],
    ['Chat', 1, 'No machine is among those it may run on.', 'alpha would have room, but it may not run there.'],
  ],
] as const)('%s', (_, machines, demands, expected) => {
  expect(sentences(machines, demands)).toEqual([expected])
})

it('says nothing of what was placed', () => {
  expect(sentences([one24], [small])).toEqual([])
})
