import { isMix, machineId, type MachineId, modelId, packPolicies, readLabelSelector, tokens } from '@berth/core'
import { createParser, parseAsInteger, parseAsStringLiteral } from 'nuqs/server'
import type { PackingInput } from '../../trpc/types.ts'
import { readEngine } from '../plan/engine-choice.ts'

/** One row of the form. Numbers are as they were typed: out of range is for the server to say. */
export interface DemandInputs {
  /** Empty before one is chosen. */
  readonly model: string
  /** Null for a stored model. */
  readonly mix: string | null
  readonly replicas: number
  readonly priority: number
  readonly context: number
  readonly slots: number
  /** As `readEngine` reads it. */
  readonly engine: string
  /** Empty for all. */
  readonly machines: readonly MachineId[]
  /** A selector of labels; empty for none. */
  readonly label: string
}

export const newDemand: DemandInputs = {
  ...{ model: '', mix: null, replicas: 1, priority: 0, context: 8192, slots: 1 },
  ...{ engine: 'llama.cpp', machines: [], label: '' },
}

/** The server's limits, which the fields keep to. */
export const packingLimits = {
  replicas: { min: 1, max: 100 },
  priority: { min: 0, max: 9 },
  context: { min: 256, max: 2 ** 31 - 1 },
  slots: { min: 1, max: 256 },
  seconds: { min: 1, max: 60 },
  demands: 24,
} as const

/** More than an address should hold. */
const MAX_MACHINES = 200

/** `llama-3-8b,Q4_K_M,3,2,8192,1,llama.cpp,id.id,rack%3Da`, a row behind each `;`. */
const parseAsDemands = createParser<readonly DemandInputs[]>({
  parse: (text) => {
    const rows = text.split(';').slice(0, packingLimits.demands).map(readDemand)
    return rows.includes(undefined) ? null : rows.filter((row) => row !== undefined)
  },
  serialize: (rows) => rows.map(writeDemand).join(';'),
  eq: (one, other) => one.map(writeDemand).join(';') === other.map(writeDemand).join(';'),
})

const writeDemand = (one: DemandInputs): string =>
  [
    ...[one.model, one.mix ?? '', one.replicas, one.priority, one.context, one.slots, one.engine],
    ...[one.machines.join('.'), one.label],
  ]
    .map((part) => encodeURIComponent(part))
    .join(',')

function readDemand(text: string): DemandInputs | undefined {
  const parts = text.split(',').map(decoded)
  const [model, mix, replicas, priority, context, slots, engine, machines, label] = parts
  const [count, first, length, parallel] = [replicas, priority, context, slots].map((part) => wholeNumber(part))
  if (count === undefined || first === undefined || length === undefined || parallel === undefined) return undefined
  return {
    ...{
      model: model ?? '',
      mix: mix ? mix : null,
      replicas: count,
      priority: first,
      context: length,
      slots: parallel,
    },
    ...{ engine: engine || newDemand.engine, label: label ?? '' },
    machines: (machines ?? '')
      .split('.')
      .filter(Boolean)
      .slice(0, MAX_MACHINES)
      .map((id) => machineId(id)),
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return ''
  }
}

const wholeNumber = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined

export const packingParsers = {
  demands: parseAsDemands.withDefault([newDemand]),
  policy: parseAsStringLiteral(packPolicies).withDefault('pack'),
  seconds: parseAsInteger.withDefault(10),
} as const

/** What is wrong with a row; undefined where it can be asked. */
export function issueOf(demand: DemandInputs): string | undefined {
  if (demand.model === '') return 'Choose a model.'
  if (demand.label !== '' && readLabelSelector(demand.label) === undefined)
    return 'Write rack, !rack, rack=a or rack!=a.'
  return undefined
}

/** The request that the rows stand for; undefined while one of them cannot be asked. */
export function packingRequest(
  demands: readonly DemandInputs[],
  { policy, seconds }: Pick<PackingInput, 'policy' | 'seconds'>,
): PackingInput | undefined {
  const asked = demands.map(demandRequest)
  if (asked.length === 0 || asked.includes(undefined)) return undefined
  return { demands: asked.filter((one) => one !== undefined), policy, seconds }
}

function demandRequest(demand: DemandInputs): PackingInput['demands'][number] | undefined {
  const { model, mix, replicas, priority, context, slots, machines, label } = demand
  const { engine, engineVersion } = readEngine(demand.engine)
  if (issueOf(demand) !== undefined || !isGgufEngine(engine) || (mix !== null && !isMix(mix))) return undefined
  return {
    model: mix === null ? { kind: 'stored', id: modelId(model) } : { kind: 'catalogue', id: model, mix },
    ...{ engine, ...(engineVersion !== undefined && { engineVersion }), replicas, priority },
    request: { contextLength: tokens(context), parallel: slots },
    ...(machines.length > 0 && { machineIds: machines }),
    ...(label !== '' && { filter: { label: [label] } }),
  }
}

type GgufEngine = PackingInput['demands'][number]['engine']

const ggufEngines = {
  ...{ 'llama.cpp': true, llamafile: true, ollama: true, koboldcpp: true, llamasharp: true },
} as const satisfies Record<GgufEngine, true>

const isGgufEngine = (engine: string): engine is GgufEngine => Object.hasOwn(ggufEngines, engine)
