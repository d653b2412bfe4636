import { contextShape } from '../context/shape.ts'
import type { Machine } from '../machine/machine.ts'
import { contextTerm, counted, type FigurePart, figureSources, notDescribed, reservedFor } from '../memory/explain.ts'
import type { OverheadTerm } from '../memory/overhead.ts'
import { HOST, type PlaceIndex } from '../memory/run-memory.ts'
import type { Model } from '../model/model.ts'
import { bytes, formatBytes } from '../units.ts'
import { deviceOverhead } from './device-overhead.ts'
import { layoutOf } from './layout.ts'
import type { Placement, PlaceMemory } from './verdict.ts'

export interface FigureInput {
  readonly placement: Placement
  readonly memory: PlaceMemory
  readonly model: Model
  readonly machine: Machine
}

/** How a figure comes about, with its numbers put in, and where llama.cpp does the same. */
export interface FigureExplanation {
  readonly formula: string
  readonly source: string
}

/** Prose for one figure of a placement: the formula behind its bytes, line by line. */
export const explainFigure = (part: FigurePart, input: FigureInput): FigureExplanation => explanations[part](input)

/** Every figure of a placement, in the order of its `memory`. */
export const explainPlacement = (input: Omit<FigureInput, 'memory'>): readonly PlaceFigures[] =>
  input.placement.memory.map((memory) => ({
    model: explainFigure('model', { ...input, memory }),
    context: explainFigure('context', { ...input, memory }),
    compute: explainFigure('compute', { ...input, memory }),
    overhead: explainFigure('overhead', { ...input, memory }),
  }))

export type PlaceFigures = Readonly<Record<FigurePart, FigureExplanation>>

const explanations: Readonly<Record<FigurePart, (input: FigureInput) => FigureExplanation>> = {
  model: explainModel,
  context: explainContext,
  compute: explainCompute,
  overhead: explainOverhead,
}

const placeIndex = ({ placement, memory }: FigureInput): PlaceIndex => {
  const { place } = memory
  if (place.kind === 'host') return HOST
  return placement.split.devices.findIndex(({ device }) => device === place.device)
}

/** Blocks that run and lie on the place. */
function blocksOn(input: FigureInput): readonly number[] {
  const place = placeIndex(input)
  const unused = place === HOST && input.memory.place.kind === 'device'
  const { layers } = layoutOf(input.placement.split)
  return input.model.contexts.flatMap((_, il) => (!unused && layers[il] === place ? [il] : []))
}

const range = (blocks: readonly number[]): string =>
  blocks.length === 1 ? `block ${blocks[0]}` : `blocks ${blocks[0]} to ${blocks.at(-1)}`

function explainModel(input: FigureInput): FigureExplanation {
  const { model, memory, placement } = input
  const blocks = blocksOn(input)
  const onDevice = memory.place.kind === 'device'
  const whole = blocks.reduce(
    (sum, il) => sum + (onDevice ? model.blockBytes[il]!.device : model.blockBytes[il]!.host),
    0,
  )
  const moved = placement.split.expertsOnHost > 0 ? ', experts of the first blocks moved to the host' : ''
  const padding = onDevice ? '128' : '32'
  const parts = [
    ...(blocks.length > 0 ? [`${range(blocks)}: ${formatBytes(bytes(whole))}${moved}`] : []),
    ...(memory.model !== whole && moved === '' ? [`other tensors: ${formatBytes(bytes(memory.model - whole))}`] : []),
    `each tensor padded to ${padding} bytes`,
  ]
  return { formula: parts.join('\n'), source: figureSources.model }
}

function explainContext(input: FigureInput): FigureExplanation {
  const { model, placement, memory } = input
  const shape = contextShape(model, placement.settings)
  const everywhere = memory.place.kind === 'host' ? model.contexts.map((_, il) => il) : []
  const counts = new Map<string, number>()
  for (const il of placement.settings.offloadKqv ? blocksOn(input) : everywhere) {
    const line = contextTerm(model.contexts[il]!, shape, { model, settings: placement.settings })
    if (line !== undefined) counts.set(line, (counts.get(line) ?? 0) + 1)
  }
  const lines = [...counts].map(([line, count]) => `${counted(count, 'block')} × ${line}`)
  return {
    formula: lines.length > 0 ? lines.join('\n') : 'no block keeps its context here',
    source: figureSources.context,
  }
}

function explainCompute({ placement, model, memory }: FigureInput): FigureExplanation {
  const shape = contextShape(model, placement.settings)
  if (memory.certainty.compute === 'assumed') return { formula: notDescribed(model), source: figureSources.compute }
  const lines = [
    ...reservedFor(shape),
    ...(placement.pipelineParallel ? ['pipeline parallelism keeps every input 4 times'] : []),
  ]
  return { formula: lines.join('\n'), source: figureSources.compute }
}

function explainOverhead(input: FigureInput): FigureExplanation {
  const { machine, memory, model, placement } = input
  if (memory.place.kind === 'host') {
    return {
      formula: 'the host’s copy of the logits, and an allowance for the engine’s process',
      source: figureSources.logits,
    }
  }
  const taken = deviceOverhead(placement, memory.place, { model, machine })
  if (!taken) return { formula: 'the launch hides this device from the engine', source: 'CUDA_VISIBLE_DEVICES' }
  const { terms, atLoad, atFirstPrompt } = taken
  const listed = (when: OverheadTerm['when']): string =>
    terms
      .filter((term) => term.when === when)
      .map((term) => `${term.name} ${formatBytes(term.bytes)}`)
      .join(', ')
  return {
    formula: [
      `at load ${formatBytes(atLoad)}: ${listed('load')}`,
      `more at the first prompt ${formatBytes(atFirstPrompt)}: ${listed('first-prompt') || 'nothing'}`,
    ].join('\n'),
    source: [...new Set(terms.map((term) => term.source))].join('; '),
  }
}
