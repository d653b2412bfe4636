import {
  bytes,
  contextsAtOnce,
  contextsWhenAsked,
  type CreationInput,
  type CreationStep,
  describeModel,
  deviceId,
  engineOf,
  explainMemoryOverTime,
  gibibytes,
  judge,
  type Machine,
  machineId,
  memoryOverTime,
  type Mix,
  type Model,
  occupiedBy,
  oneAfterTheOther,
  plan,
  planTogether,
  requestDefaults,
  type Resident,
  type Tenant,
  tokens,
} from '@berth/core'
import { describe, expect, it } from 'vitest'
import { catalogueHeader } from './catalogue-model.ts'
import { findCatalogueModel } from './models/models.ts'

/**
 * github.com/SciSharp/LLamaSharp/issues/759 (May 2024): "if we now try to inference with model A the library crashes because
 * model B filled the rest of the GPU". The thread names neither models nor card; these two are as large as its words.
 */
const engine = engineOf('llamasharp', '0.25.0')!
const names = ['A', 'B']

const modelOf = (id: string, mix: Mix): Model => {
  const described = describeModel(catalogueHeader(findCatalogueModel(id)!, mix))
  if (!described.ok) throw new Error(described.issue.code)
  return described.value
}
const tenant = (model: Model, contextLength: number): Tenant => ({
  ...{ model, engine },
  request: {
    ...requestDefaults,
    ...{ contextLength: tokens(contextLength), batchSize: tokens(512), flashAttention: 'on', margin: bytes(0) },
  },
})
const tenants = [tenant(modelOf('llama-3.1-8b', 'Q8_0'), 36_864), tenant(modelOf('qwen2.5-14b', 'Q4_K_M'), 16_384)]

const machineWith = (hostGib: number): Machine => ({
  id: machineId('workstation'),
  name: 'workstation',
  devices: [
    {
      id: deviceId('gpu-0'),
      index: 0,
      name: 'NVIDIA GeForce RTX 3090',
      backend: 'cuda',
      memoryTotal: gibibytes(24),
      memory: { reported: { bytes: gibibytes(24), provenance: 'typed' } },
      unified: false,
      architecture: '8.6',
    },
  ],
  links: [],
  hostMemoryTotal: gibibytes(hostGib),
})
const machine = machineWith(64)

const residents = tenants.map((one): Resident => {
  const verdict = plan({ ...one, machine })
  if (!verdict.fits) throw new Error(JSON.stringify(verdict.reasons))
  return { model: one.model, placement: verdict.best }
})
const input: CreationInput = { machine, residents, oneProcess: true }

/** Bytes held on the card after each step. */
const heldBy = (steps: readonly CreationStep[]): readonly number[] =>
  memoryOverTime(input, steps).moments.map(({ places }) => places[0]!.held)

describe('two models of one program on a card, each of which fits alone', () => {
  it('all their layers on the card', () => {
    expect(residents.map(({ placement }) => placement.split.hostBlocks)).toEqual([0, 0])
    const [a, b] = residents.map(({ placement }) => placement.memory[0]!.required)
    expect(a! + b!).toBeGreaterThan(gibibytes(24))
  })

  it('load with their contexts, and die at the first prompt to A', () => {
    expect(heldBy(contextsAtOnce(2))).toEqual([
      8_377_417_984, 13_480_313_088, 22_024_511_744, 25_578_135_808, 25_783_656_704,
    ])
    const course = memoryOverTime(input, contextsAtOnce(2))
    expect(course.failure).toEqual({
      step: { resident: 0, event: 'first-prompt' },
      place: { kind: 'device', device: 'gpu-0' },
      lacking: 25_783_656_704 - gibibytes(24),
    })
  })

  it('leave A no room for its cache when contexts are created as they are asked for, B first', () => {
    const { failure } = memoryOverTime(input, contextsWhenAsked([1, 0]))
    expect(failure!.step).toEqual({ resident: 0, event: 'context' })
  })

  it('cannot be put in an order that fits, only in one that spares what runs', () => {
    expect(memoryOverTime(input, oneAfterTheOther(2)).failure!.step).toEqual({ resident: 1, event: 'context' })
    expect(explainMemoryOverTime(input, memoryOverTime(input, contextsAtOnce(2)), names)).toBe(
      'Step 5, the first prompt of A, lacks 13.2 MiB on GPU 0 (NVIDIA GeForce RTX 3090). No order avoids it, as nothing is given back. Create each context right after its weights and send it a prompt before the next model is loaded: then the context of B fails, and those before it run on.',
    )
  })

  it('are refused together as they were placed alone, and where the host has no room at all', () => {
    const [a, b] = residents
    const beside = judge({
      ...tenants[1]!,
      ...occupiedBy([a!.placement], { machine }),
      machine,
      split: b!.placement.split,
    })
    expect(beside.reasons.map(({ code }) => code)).toEqual(['insufficient-memory'])
    const verdict = planTogether({ machine: machineWith(2), tenants })
    expect(verdict.fits).toBe(false)
  })

  it('are placed together with some blocks on the host, and then live through every order', () => {
    const verdict = planTogether({ machine, tenants })
    if (!verdict.fits) throw new Error(JSON.stringify(verdict.reasons))
    const together = verdict.placements.map((placement, at) => ({ model: tenants[at]!.model, placement }))
    expect(together.map(({ placement }) => placement.split.hostBlocks > 0)).toContain(true)
    for (const steps of [
      contextsAtOnce(2),
      contextsWhenAsked([0, 1]),
      contextsWhenAsked([1, 0]),
      oneAfterTheOther(2),
    ]) {
      expect(memoryOverTime({ ...input, residents: together }, steps)).not.toHaveProperty('failure')
    }
  })
})
