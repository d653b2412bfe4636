/** A model made of sizes alone, which the decisions of the fit are held to in tests. */
import { MIB, tokens } from '../../units.ts'
import { layersByFlags } from '../../placement/split.ts'
import { decide, type Decision } from './decide.ts'
import type { FitStep } from './fit-result.ts'
import type { PlacementFlags } from './flags.ts'
import type { DeviceUse } from './problem.ts'

/** A model of twelve blocks, told by what it takes: sizes in MiB, `expertMib` for each of three matrices. */
export interface Toy {
  readonly freeMib: readonly number[]
  readonly marginMib?: number
  readonly expertMib?: number
  readonly cacheBytesPerToken?: number
  readonly stateMib?: number
  /** Blocks that count for the split but do not run. */
  readonly extraBlocks?: number
  readonly contextTrained?: number
  readonly context?: number
  readonly contextMin?: number
  readonly sequences?: number
  readonly unified?: boolean
  readonly gpuLayers?: number
  readonly tensorSplit?: readonly number[]
}

const BLOCKS = 12
const MATRIX_MIB = 50

function measureToy(toy: Toy, contextLength: number, flags: PlacementFlags): readonly DeviceUse[] {
  const deviceCount = toy.freeMib.length
  const given = flags.tensorSplit.some((share) => share !== 0)
  const layers = layersByFlags({
    layerCount: BLOCKS + (toy.extraBlocks ?? 0) + 1,
    gpuLayers: flags.gpuLayers,
    shares: given ? flags.tensorSplit : toy.freeMib,
    deviceCount,
  })
  const zeros = Array.from({ length: deviceCount + 1 }, () => 0)
  const [model, context, states, held] = [[...zeros], [...zeros], [...zeros], [...zeros]]
  const patterns = flags.overrides.map(({ pattern, buffer }) => ({
    expression: new RegExp(pattern),
    place: buffer === 'CPU' ? deviceCount : Number(buffer.slice(4)),
  }))
  let weightsOnHost = false
  const put = (name: string, layer: number, mib: number): void => {
    const place = patterns.find(({ expression }) => expression.test(name))?.place ?? placeOf(layer)
    model[place]! += mib * MIB
    if (place === deviceCount) weightsOnHost = true
  }
  const placeOf = (layer: number): number => (layers[layer] === -1 ? deviceCount : layers[layer]!)
  for (let il = 0; il < BLOCKS; il++) {
    const suffix = toy.expertMib === undefined ? '' : '_exps'
    put(`blk.${il}.attn_q.weight`, il, MATRIX_MIB * (1 + (il % 3)))
    for (const part of ['up', 'gate', 'down']) put(`blk.${il}.ffn_${part}${suffix}.weight`, il, toy.expertMib ?? 50)
    if (toy.expertMib !== undefined) put(`blk.${il}.ffn_gate_inp.weight`, il, MATRIX_MIB / 16)
    const state = (toy.stateMib ?? 0) * (toy.sequences ?? 1) * MIB
    context[placeOf(il)]! += (toy.cacheBytesPerToken ?? 32_768) * contextLength + state
    states[placeOf(il)]! += state
    held[placeOf(il)]!++
  }
  put('output.weight', layers.length - 1, 400)
  held[placeOf(layers.length - 1)]!++
  return toy.freeMib.map((free, device) => {
    const uploads = device === 0 && (weightsOnHost || held[deviceCount]! > 0) ? 300 * MIB : 0
    const compute = uploads + (held[device] ? 200 * MIB + 2048 * contextLength : 0)
    return {
      free: free * MIB - states[device]!,
      model: model[device]!,
      used: model[device]! + context[device]! + compute,
    }
  })
}

export interface Decided {
  readonly decision: Decision
  readonly steps: readonly FitStep[]
  readonly loads: number
}

export function decideToy(toy: Toy): Decided {
  const steps: FitStep[] = []
  let loads = 0
  const sequences = toy.sequences ?? 1
  const decision = decide({
    deviceCount: toy.freeMib.length,
    blockCount: BLOCKS,
    hasExperts: toy.expertMib !== undefined,
    contextLengthTrained: toy.contextTrained ?? 32_768,
    contextLengthAsked: tokens(toy.context ?? 0),
    contextMin: toy.contextMin ?? 4096,
    sequences,
    streams: toy.unified ? 1 : sequences,
    margins: toy.freeMib.map(() => (toy.marginMib ?? 1024) * MIB),
    flags: {
      gpuLayers: toy.gpuLayers ?? -1,
      tensorSplit: toy.tensorSplit ?? toy.freeMib.map(() => 0),
      overrides: [],
    },
    overridden: false,
    measure: (contextLength, flags) => {
      loads++
      return measureToy(toy, contextLength, flags)
    },
    note: (step) => steps.push(step),
  })
  return { decision, steps, loads }
}
