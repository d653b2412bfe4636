import {
  engines,
  estimateMemory,
  HOST,
  type Machine,
  machineId,
  type Model,
  type Run,
  type RunMemory,
} from '@berth/core'
import type { CaseExpectation, ConformanceCase } from './case.ts'
import { fitDiffers } from './fit-of-case.ts'
import { runOfCase } from './run-of-case.ts'

/** How Berth's answer to one case compares with llama.cpp's. */
export interface Judgement {
  readonly id: string
  readonly header: string
  readonly architecture: string
  /** Both refuse. */
  readonly refused: boolean
  readonly layersExact: boolean
  readonly weightsExact: boolean
  readonly contextExact: boolean
  readonly computeExact: boolean
  readonly fitExact: boolean
  /** Everything else llama.cpp says of the run: flash attention, pipeline parallelism, host buffers. */
  readonly restExact: boolean
  /** Whether the estimate itself claims to be exact. */
  readonly claimed: boolean
  /** |ours - theirs| / theirs, one a compute buffer. */
  readonly computeErrors: readonly number[]
  /** The most any compute buffer was under-estimated by, in bytes. */
  readonly computeUnder: number
  readonly differences: readonly string[]
}

const MACHINE: Machine = { id: machineId('conformance'), name: 'conformance', devices: [], links: [] }

export function judgeCase(testCase: ConformanceCase, model: Model): Judgement {
  const run = runOfCase(testCase, model)
  const refuses = engines['llama.cpp'].refusals(model, MACHINE, run.settings).length > 0
  const base = {
    id: testCase.id,
    header: testCase.header,
    architecture: model.architecture,
    computeErrors: [],
    computeUnder: 0,
  }
  const all = (exact: boolean, differences: readonly string[] = []) => ({
    ...{
      layersExact: exact,
      weightsExact: exact,
      contextExact: exact,
      computeExact: exact,
      fitExact: exact,
      restExact: exact,
    },
    differences,
  })
  if (!testCase.expect.ok) {
    const differences = refuses ? [] : ['llama.cpp refuses, Berth does not']
    return { ...base, refused: refuses, claimed: true, ...all(refuses, differences) }
  }
  if (refuses) return { ...base, refused: false, claimed: true, ...all(false, ['Berth refuses, llama.cpp does not']) }
  return { ...base, refused: false, ...compare(testCase, run, estimateMemory(run)) }
}

type Comparison = Omit<Judgement, 'id' | 'header' | 'architecture' | 'refused'>

function compare(testCase: ConformanceCase, run: Run, memory: RunMemory): Comparison {
  const { config, expect } = testCase
  const names = memory.devices.map((_, device) => `CUDA${config.sm === 'none' ? config.mg : device}`)
  const theirs = (name: string) => expect.bufs?.[name] ?? {}
  const contextOf = (name: string): number => {
    const { kv = 0, kv_swa = 0, kv_idx = 0, rs = 0 } = theirs(name)
    return kv + kv_swa + kv_idx + rs
  }
  const differences: string[] = []
  const equal = (what: string, ours: readonly unknown[], want: readonly unknown[]): boolean => {
    const same = ours.length === want.length && ours.every((value, index) => value === want[index])
    if (!same) differences.push(`${what}: ours ${ours.join(' ')}, llama.cpp ${want.join(' ')}`)
    return same
  }
  const compute = [...memory.devices.map((device) => device.compute), memory.host.compute]
  const computeWanted = [...names, 'CUDA_Host'].map((name) => theirs(name).compute ?? 0)
  return {
    claimed: memory.certainty.compute === 'exact',
    layersExact: equal('layers', layerSummary(run, names), wantedLayers(expect)),
    weightsExact: equal(
      'weights',
      memory.devices.map((device) => device.model),
      names.map((name) => theirs(name).weights ?? 0),
    ),
    contextExact: equal(
      'context',
      [...memory.devices.map((device) => device.context), memory.host.context],
      [...names.map(contextOf), contextOf('CPU') + contextOf('CUDA_Host')],
    ),
    computeExact: equal('compute', compute, computeWanted),
    computeErrors: computeWanted.map((want, index) => (want === 0 ? 0 : Math.abs(compute[index]! - want) / want)),
    computeUnder: Math.max(0, ...computeWanted.map((want, index) => want - compute[index]!)),
    fitExact: equal('fit', fitDiffers(testCase, run.model), []),
    restExact: equal('rest', restOf(testCase, memory), wantedRest(testCase)),
    differences,
  }
}

/** Blocks per device as `first-last×count`, and the device of the output layer. */
function layerSummary({ layout, model }: Run, names: readonly string[]): readonly string[] {
  const nameOf = (place: number): string =>
    layout.splitMode === 'tensor' ? 'Meta()' : place === HOST ? 'CPU' : names[place]!
  const blocks = new Map<string, { n: number; first: number; last: number }>()
  layout.layers.slice(0, model.blockCount).forEach((place, il) => {
    const known = blocks.get(nameOf(place)) ?? { n: 0, first: il, last: il }
    blocks.set(nameOf(place), { n: known.n + 1, first: known.first, last: il })
  })
  return [...summary(blocks), `output ${nameOf(layout.layers[model.blockCount]!)}`]
}

const summary = (blocks: Iterable<readonly [string, { n: number; first: number; last: number }]>): readonly string[] =>
  [...blocks].map(([name, { n, first, last }]) => `${name} ${first}-${last}x${n}`).toSorted()

const wantedLayers = ({ layers = {}, dev_output = '' }: CaseExpectation): readonly string[] => [
  ...summary(Object.entries(layers)),
  `output ${dev_output}`,
]

/** Mapped host weights are not reported in split mode tensor. */
const reportsMapping = ({ config }: ConformanceCase): boolean => config.sm !== 'tensor'

const restOf = (testCase: ConformanceCase, memory: RunMemory): readonly unknown[] => [
  memory.flashAttention,
  memory.pipelineParallel,
  memory.host.output,
  ...(reportsMapping(testCase) ? [memory.host.mapped] : []),
]

function wantedRest(testCase: ConformanceCase): readonly unknown[] {
  const { ctx, bufs = {} } = testCase.expect
  const weights = ['CPU_Mapped', 'CPU', 'CUDA_Host'].reduce((sum, name) => sum + (bufs[name]?.weights ?? 0), 0)
  return [
    ctx?.flash_attn,
    ctx?.pipeline_parallel,
    bufs['CUDA_Host']?.output ?? bufs['CPU']?.output,
    ...(reportsMapping(testCase) ? [weights] : []),
  ]
}
