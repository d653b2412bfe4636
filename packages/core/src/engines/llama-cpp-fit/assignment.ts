import { FitAbort } from './fit-result.ts'
import type { FitBuffer, FitOverride, PlacementFlags } from './flags.ts'

/** How much of a block stays on its device (`common_layer_fraction_t`): attention, and so much of its feed-forward. */
export type BlockFraction = 'attention' | 'attention-up' | 'attention-up-gate' | 'all-but-experts'

/** What one device holds (`ngl_t`). Counts are C++'s uint32 and wrap like them. */
export interface DeviceShare {
  readonly layers: number
  /** The last of these layers, which lie on the device in part. */
  readonly partialLayers: number
  /** How much of the first partial layer lies here; of the others everything but the experts does. */
  readonly fraction: BlockFraction
  /** Where the rest of the first partial layer goes; that of the others goes to the host. */
  readonly overflowTo: FitBuffer
}

export type Assignment = readonly DeviceShare[]

export const uint32 = (count: number): number => count >>> 0

export const emptyAssignment = (deviceCount: number): Assignment =>
  Array.from({ length: deviceCount }, () => ({
    layers: 0,
    partialLayers: 0,
    fraction: 'all-but-experts',
    overflowTo: 'CPU',
  }))

export const fullLayers = ({ layers, partialLayers }: DeviceShare): number => uint32(layers - partialLayers)

export const withShare = (assignment: Assignment, device: number, change: Partial<DeviceShare>): Assignment =>
  assignment.map((share, index) => (index === device ? { ...share, ...change } : share))

/** Adds to one device's counts; negative to take away. */
export function addLayers(assignment: Assignment, device: number, change: LayerChange): Assignment {
  const { layers, partialLayers } = assignment[device]!
  return withShare(assignment, device, {
    layers: uint32(layers + change.layers),
    partialLayers: uint32(partialLayers + change.partialLayers),
  })
}

interface LayerChange {
  readonly layers: number
  readonly partialLayers: number
}

/** `llama_max_tensor_buft_overrides`; the last entry ends the list. */
const OVERRIDES_MAX = 4096
/** `get_overflow_pattern` keeps a pattern for so many blocks. */
const PATTERN_BLOCKS_MAX = 1000

/** The tensors of a block that leave it: `get_overflow_pattern`. */
const overflowTensors = {
  attention: 'ffn_(gate|up|gate_up|down).*',
  'attention-up': 'ffn_(gate|gate_up|down).*',
  'attention-up-gate': 'ffn_down.*',
  'all-but-experts': 'ffn_(up|down|gate_up|gate)_(ch|)exps',
} satisfies Record<BlockFraction, string>

/** Every expert matrix of the model. */
export const ALL_EXPERTS = String.raw`blk\.\d+\.ffn_(up|down|gate_up|gate)_(ch|)exps`

/** `set_ngl_tensor_split_tbo` of common/fit.cpp (llama.cpp 0.5.0-dev). Exact, wrapped counts included. */
export function flagsOf(
  assignment: Assignment,
  { blockCount, flags }: { readonly blockCount: number; readonly flags: PlacementFlags },
): PlacementFlags {
  const gpuLayers = uint32(assignment.reduce((sum, { layers }) => sum + layers, 0))
  return {
    gpuLayers,
    tensorSplit: assignment.length > 1 ? assignment.map(({ layers }) => Math.fround(layers)) : flags.tensorSplit,
    overrides: overridesOf(assignment, uint32(blockCount + 1 - gpuLayers)),
  }
}

function overridesOf(assignment: Assignment, firstLayer: number): readonly FitOverride[] {
  const overrides: FitOverride[] = []
  let layer = firstLayer
  for (const share of assignment) {
    layer = uint32(layer + fullLayers(share))
    const end = uint32(layer + share.partialLayers)
    for (let il = layer; il < end; il++) {
      if (overrides.length + 1 >= OVERRIDES_MAX || il >= PATTERN_BLOCKS_MAX) throw new FitAbort('too-many-overrides')
      const first = il === layer
      const tensors = overflowTensors[first ? share.fraction : 'all-but-experts']
      overrides.push({ pattern: String.raw`blk\.${il}\.${tensors}`, buffer: first ? share.overflowTo : 'CPU' })
    }
    layer = end
  }
  return overrides
}
