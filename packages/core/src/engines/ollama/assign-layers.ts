/** One block's weights and cache. */
interface BlockSize {
  readonly weights: number
  readonly cache: number
}

export interface AssignInput {
  readonly blocks: readonly BlockSize[]
  readonly outputBytes: number
  readonly gpus: readonly { readonly free: number; readonly minimum: number }[]
  /** Kept free on every GPU for the graph while layers are handed out. */
  readonly graphBytes: number
  readonly projectorBytes: number
  /** Layers at most, -1 for no limit. */
  readonly numGpu: number
}

/** What one GPU was given, in bytes by reason. */
export interface GpuShare {
  readonly layers: number
  readonly minimum: number
  readonly spareLayer: number
  readonly projector: number
  readonly weights: number
  readonly cache: number
  readonly output: number
}

export interface Assigned {
  readonly shares: readonly GpuShare[]
  readonly fullyLoaded: boolean
  /** Blocks left over, each counted as large as the last one, and the output layer where it is. */
  readonly overflow: number
}

type Share = { -readonly [Key in keyof GpuShare]: GpuShare[Key] }

const NOTHING: GpuShare = { layers: 0, minimum: 0, spareLayer: 0, projector: 0, weights: 0, cache: 0, output: 0 }
const NO_BLOCK: BlockSize = { weights: 0, cache: 0 }

const held = ({ minimum, spareLayer, projector, weights, cache, output }: GpuShare): number =>
  minimum + spareLayer + projector + weights + cache + output

/**
 * The loops of `EstimateGPULayers` (llm/memory.go, Ollama 0.6): GPUs with room for a graph, a minimum and two layers take
 * part; blocks go round among those that still have room, and one that has none leaves the round; the output layer is last.
 */
export function assignLayers(input: AssignInput): Assigned {
  const { blocks, gpus, graphBytes, numGpu, outputBytes } = input
  const shares: Share[] = gpus.map(() => ({ ...NOTHING }))
  let withSpace = admitted(input, shares)
  let layers = 0
  const fits = (gpu: number, size: number): boolean => gpus[gpu]!.free > held(shares[gpu]!) + graphBytes + size
  for (const [block, { weights, cache }] of blocks.entries()) {
    if (numGpu >= 0 && layers >= numGpu) continue
    while (withSpace.length > 0) {
      const turn = block % withSpace.length
      const gpu = withSpace[turn]!
      if (fits(gpu, weights + cache)) {
        shares[gpu]!.weights += weights
        shares[gpu]!.cache += cache
        shares[gpu]!.layers += 1
        layers += 1
        break
      }
      withSpace = withSpace.toSpliced(turn, 1)
    }
  }
  const last = blocks.at(-1) ?? NO_BLOCK
  const blocksLeft = blocks.length - layers
  const overflow = blocksLeft * (last.weights + last.cache)
  if (outputBytes === 0 || (numGpu >= 0 && layers >= numGpu)) {
    return { shares, fullyLoaded: blocksLeft <= 0, overflow }
  }
  const taker = outputTaker(withSpace, layers, (gpu) => fits(gpu, outputBytes))
  if (taker !== undefined) {
    shares[taker]!.output = outputBytes
    shares[taker]!.layers += 1
    layers += 1
  }
  const everything = layers > blocks.length
  return { shares, fullyLoaded: everything, overflow: everything ? overflow : overflow + outputBytes }
}

/** Reserves a minimum and a spare layer on every GPU that takes part; the first also holds the projector. */
function admitted({ blocks, gpus, graphBytes, projectorBytes }: AssignInput, shares: Share[]): readonly number[] {
  const first = blocks[0] ?? NO_BLOCK
  const layer = first.weights + first.cache
  const chosen: number[] = []
  for (const [gpu, { free, minimum }] of gpus.entries()) {
    const projector = chosen.length === 0 ? projectorBytes : 0
    if (free < projector + graphBytes + minimum + 2 * layer) continue
    Object.assign(shares[gpu]!, { minimum, spareLayer: layer, projector })
    chosen.push(gpu)
  }
  return chosen
}

/** Ollama asks ever shorter prefixes of the list without taking anything out of it. */
function outputTaker(withSpace: readonly number[], layers: number, fits: (gpu: number) => boolean): number | undefined {
  for (let length = withSpace.length; length > 0; length--) {
    const gpu = withSpace[layers % length]!
    if (fits(gpu)) return gpu
  }
  return undefined
}
