import {
  type AnyModel,
  exactCell,
  explainReason,
  isExl2Model,
  type Machine,
  type Model,
  needsHost,
  placeName,
  type Placement,
  survey,
  type SurveyCell,
  type SurveyMemo,
} from '@berth/core'
import { engineFor } from '../plan/verdict-schema.ts'
import type { KnownFiles } from './known-files.ts'
import type { CellsQuestion, SurveyQuestion } from './question.ts'
import { type ExactCellView, type MatrixRow, meansLetters, verdictLetters } from './schema.ts'

/** Kept by a thread between questions. */
export interface Memory {
  readonly files: KnownFiles
  /** What was replayed for the engine and request that were asked for last. */
  survey: { readonly key: string; readonly memo: SurveyMemo }
}

/** A slider that moves comes back to where it was; more than so many graphs are begun anew. */
const MOST_REPLAYS = 20_000

/** One row after the other, each when it is asked for. */
export function* answerSurvey(
  { files, machines, request, planMs, ...engine }: SurveyQuestion,
  memory: Memory,
): Generator<MatrixRow, void, void> {
  const models = files.map((file) => gguf(memory.files.model(file)))
  const until = performance.now() + planMs
  const mayPlan = (): boolean => performance.now() < until
  const rows = survey({ models, machines, engine: engineFor(engine), request, mayPlan, memo: memoFor(engine, memory) })
  let at = 0
  for (const row of rows) yield rowOf(row, models[at++]!)
}

function gguf(model: AnyModel): Model {
  if (isExl2Model(model)) throw new Error('a folder was given where a file is surveyed')
  return model
}

function memoFor(engine: object, memory: Memory): SurveyMemo {
  const key = JSON.stringify(engine)
  const { memo } = memory.survey
  if (memory.survey.key === key && memo.roles.size + memo.replays.size < MOST_REPLAYS) return memo
  memory.survey = { key, memo: { roles: new Map(), replays: new Map() } }
  return memory.survey.memo
}

const rowOf = (row: readonly SurveyCell[], { architecture, weightBytes, parameterCount }: Model): MatrixRow => ({
  cells: {
    verdicts: row.map(({ verdict }) => verdictLetters[verdict]).join(''),
    means: row.map(({ means }) => meansLetters[means]).join(''),
    headroom: row.map(({ headroom }) => (headroom === undefined ? null : wholeBytes(headroom))),
  },
  facts: { architecture, weightBytes, parameterCount },
})

const wholeBytes = (size: number) => Math.floor(size) as NonNullable<MatrixRow['cells']['headroom'][number]>

export function* answerCells(
  { file, machines, engines, request }: CellsQuestion,
  memory: Memory,
): Generator<ExactCellView, void, void> {
  const model = memory.files.model(file)
  const replays = new Map()
  const chosen = engines.map(engineFor)
  for (const machine of machines)
    yield viewOf(exactCell({ model, machine, engines: chosen, request, replays }), machine)
}

function viewOf(cell: ReturnType<typeof exactCell>, machine: Machine): ExactCellView {
  const { verdict, engine, headroom, largestContext, speed, placement, reasons } = cell
  return {
    ...{ machineId: machine.id, verdict, engine: engine.id, engineVersion: engine.version },
    headroom: headroom ?? null,
    largestContext: largestContext ?? null,
    generation: speed?.generation.oneSlot ?? null,
    prompt: speed?.prompt ?? null,
    devices: placement?.split.devices.length ?? 0,
    split: placement ? splitOf(placement) : '',
    places: (placement?.memory ?? [])
      .filter(({ required }) => required > 0)
      .map(({ place, required, capacity, headroom: left }) => ({
        ...{ name: placeName(place, machine), required, capacity, headroom: left },
      })),
    reasons: reasons.map((reason) => explainReason(reason, machine)),
  }
}

/** Layers on each device, what stays on the host first. */
function splitOf(placement: Placement): string {
  const { devices, hostBlocks, expertsOnHost } = placement.split
  const host = hostBlocks > 0 ? `host:${hostBlocks}+` : ''
  const experts = expertsOnHost > 0 ? ` experts of ${expertsOnHost} on the host` : ''
  const cache = needsHost(placement) && !placement.settings.offloadKqv ? ' cache on the host' : ''
  return `${host}${devices.map(({ layers }) => layers).join('+')}${experts}${cache}`
}
