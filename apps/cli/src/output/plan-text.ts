import {
  type Bytes,
  type Certainty,
  explainReason,
  explainCost,
  explainRemedy,
  explainSolution,
  exl2Summary,
  formatBytes,
  formatSpeed,
  isExl2Model,
  type Machine,
  type Model,
  type PlaceMemory,
  type Placement,
  type Start,
} from '@berth/core'
import type { Answer, SpeedJson } from '../answer.ts'
import type { ModelRead } from '../input/model.ts'
import { printable } from '../failure.ts'
import { tableLines } from './table.ts'

/** The answer for people: what it is about, a table of places, the command or the reasons. */
export function planLines(read: Pick<ModelRead, 'model' | 'name'>, answers: readonly Answer[]): readonly string[] {
  return [aboutModel(read), ...answers.flatMap((answer) => ['', ...answerLines(answer)])]
}

/** What a file or a folder is, on one line. */
function aboutModel({ model, name }: Pick<ModelRead, 'model' | 'name'>): string {
  if (!isExl2Model(model)) return aboutLine(model)
  const { weightBytes, type } = exl2Summary(model)
  const { architecture, blockCount } = model
  return `${printable(name)}  (${printable(architecture)}, ${blockCount} blocks, ${type}, ${formatBytes(weightBytes)} of weights)`
}

/** What a model is, on one line. */
export const aboutLine = ({ name, architecture, blockCount, weightBytes }: Model): string =>
  `${printable(name)}  (${printable(architecture)}, ${blockCount} blocks, ${formatBytes(weightBytes)} of weights)`

function answerLines(answer: Answer): readonly string[] {
  const { machine, solution, model } = answer
  if (!solution) return verdictLines(answer)
  const found = `${printable(machine.name)}: ${printable(explainSolution(solution, machine), 1000)}`
  // Why nothing fits has been said.
  if (!solution.solved) return [found]
  return [found, ...(model ? [aboutLine(model)] : []), '', ...verdictLines(answer)]
}

function verdictLines({ machine, verdict, launch, speed }: Answer): readonly string[] {
  const name = printable(machine.name)
  if (verdict.fits) {
    const command = launch ? ['', ...launchLines(launch)] : []
    const rates = speed ? ['', ...speedLines(speed, verdict.best)] : []
    return [`${name}: fits`, '', ...placementLines(verdict.best, machine), ...rates, ...command]
  }
  const { reasons, nearest, remedies } = verdict
  const near = nearest ? ['', 'The placement that lacks least:', '', ...placementLines(nearest, machine)] : []
  const advice = remedies.map(({ remedy, cost }) => `  - ${explainRemedy(remedy)} ${explainCost(cost)}`)
  return [
    `${name}: does not fit`,
    ...reasons.map((reason) => `  - ${printable(explainReason(reason, machine), 600)}`),
    ...near,
    ...(advice.length === 0 ? [] : ['', 'It would fit with any one of these:', ...advice]),
  ]
}

/** The files it needs, the command, and what is run after it. */
export function launchLines({ files, shell, afterwards }: Start): readonly string[] {
  const needed = files.filter(({ use }) => use === 'needed')
  const written = needed.flatMap(({ name, content }) => [`${name}:`, '', content.trimEnd(), ''])
  const then = afterwards.length > 0 ? ['', 'Once it answers:', '', ...afterwards.map((command) => command.shell)] : []
  return [...written, shell, ...then]
}

/** Ranges, under them what they rest on, and what of the machine slows them. */
function speedLines(speed: SpeedJson, { settings: { parallel } }: Placement): readonly string[] {
  const { prompt, generation } = speed
  const ranges = [
    `prompts ${formatSpeed(prompt)}`,
    `${parallel > 1 ? 'generation of one slot' : 'generation'} ${formatSpeed(generation.oneSlot)}`,
    ...(parallel > 1 ? [`of all ${parallel} slots together ${formatSpeed(generation.allSlots)}`] : []),
  ]
  const doubt = speed.certainty === 'assumed' ? ' (rests on assumed figures)' : ''
  const listed = (lines: readonly string[]) => lines.map((line) => `    - ${printable(line, 600)}`)
  return [
    `  speed, estimated${doubt}: ${ranges.join(', ')}`,
    ...listed(speed.explanation),
    ...(speed.warnings.length > 0 ? ['  what slows it:', ...listed(speed.warnings)] : []),
  ]
}

interface Row {
  readonly name: string
  readonly layers: string
  readonly memory: PlaceMemory
  /** Whether anybody told how much memory the place has. */
  readonly known: boolean
}

/** Before a figure: exact ones have no mark. */
const marks: Readonly<Record<Certainty, string>> = { exact: '', 'upper-bound': '≤ ', assumed: '~ ' }
const legends = ['≤ at most', '~ assumed, not counted exactly']

const size = (part: 'model' | 'context' | 'compute' | 'overhead') => ({
  title: part,
  align: 'right' as const,
  cell: ({ memory }: Row) => marks[memory.certainty[part]] + formatBytes(memory[part]),
})

const figure = (title: string, of: (memory: PlaceMemory) => Bytes) => ({
  title,
  align: 'right' as const,
  cell: ({ memory, known }: Row) => (known ? formatBytes(of(memory)) : 'unknown'),
})

/** A placement as a table of places. */
export function placementLines(placement: Placement, machine: Machine): readonly string[] {
  const { split, settings } = placement
  const rows = placement.memory.map((memory) => toRow(memory, placement, machine))
  const onHost = [
    split.hostBlocks > 0 ? `${split.hostBlocks} blocks in host memory` : '',
    split.expertsOnHost > 0 ? `experts of ${split.expertsOnHost} blocks in host memory` : '',
  ].filter((part) => part !== '')
  const run = [
    `context ${settings.contextLength}`,
    `${settings.parallel} ${settings.parallel === 1 ? 'slot' : 'slots'}`,
    placement.exl2 ? `cache ${settings.exl2Cache ?? 'FP16'}` : `KV ${settings.cacheTypeK}/${settings.cacheTypeV}`,
    `flash attention ${placement.flashAttention ? 'on' : 'off'}`,
    ...onHost,
  ]
  const table = tableLines<Row>(
    [
      { title: 'place', align: 'left', cell: ({ name }) => name },
      { title: 'layers', align: 'right', cell: ({ layers }) => layers },
      size('model'),
      size('context'),
      size('compute'),
      size('overhead'),
      { title: 'required', align: 'right', cell: ({ memory }) => formatBytes(memory.required) },
      figure('of', ({ capacity }) => capacity),
      figure('left after margin', ({ headroom }) => headroom),
    ],
    rows,
  )
  const legend = legends.filter(([mark]) => table.some((line) => line.includes(`${mark} `)))
  return [
    `  ${run.join(', ')}`,
    ...[...table, ...(legend.length > 0 ? [legend.join('; ')] : [])].map((line) => `  ${line}`),
  ]
}

function toRow(memory: PlaceMemory, { split }: Placement, machine: Machine): Row {
  if (memory.place.kind === 'host') {
    const layers = split.hostBlocks > 0 ? String(split.hostBlocks) : ''
    return { name: 'host', layers, memory, known: machine.hostMemoryTotal !== undefined }
  }
  const { device: id } = memory.place
  const device = machine.devices.find((each) => each.id === id)
  const layers = split.devices.find((each) => each.device === id)?.layers ?? 0
  const name = `GPU ${device?.index ?? '?'} ${printable(device?.name ?? id, 60)}`
  return { name, layers: String(layers), memory, known: true }
}
