import { CELL_GRANULARITY, contextShape } from '../context/shape.ts'
import type { Model } from '../model/model.ts'
import { lossOf } from '../quantize/loss.ts'
import { type Tokens, tokens } from '../units.ts'
import { boundedTrial } from './bounded-trial.ts'
import type { Decision } from './decide.ts'
import { type PlanInput, workplaceOf } from './plan-input.ts'
import { largestFitting } from './search/largest-fitting.ts'
import { type Attempt, firstFile, halved, proven, remedyPlan, type Trial } from './remedy-trials.ts'
import type { Placement, Remedy, RemedyPlan } from './verdict.ts'

type NoFit = Extract<Decision, { readonly fits: false }>

type Try = Attempt<Model>

/** Below this a ubatch slows prompts down for next to no memory. */
const LEAST_UBATCH = tokens(64)

/**
 * Single changes that make it fit, what costs the user least first, each proven by planning with it. What the engine
 * refuses whatever the memory has no remedy but another setting.
 */
export function remedies(input: PlanInput, decision: NoFit): readonly RemedyPlan[] {
  const thoroughness = { compare: 'answer', mayRelyOnHost: input.machine.hostMemoryTotal !== undefined } as const
  const attempt: Try = (change, model = input.model) =>
    boundedTrial({ ...input, model, request: { ...input.request, ...change } }, thoroughness)
  const refused = decision.nearest === undefined
  const found = refused
    ? [flashAttention(input, attempt)]
    : [
        flashAttention(input, attempt),
        ...quantizeCache(input, attempt),
        reduceUbatch(input, attempt),
        reduceContext(input, attempt),
        reduceParallel(input, attempt),
        smallerFile(input, attempt),
      ]
  return [...found.filter((plan) => plan !== undefined), ...hostRemedies(decision)]
}

function flashAttention({ request }: PlanInput, attempt: Try): RemedyPlan | undefined {
  if (request.flashAttention !== 'off') return undefined
  return proven({ code: 'flash-attention' }, attempt({ flashAttention: 'auto' }))
}

/** The gentler type that is enough; the cache needs flash attention then, so `off` becomes `auto`. */
function quantizeCache({ request }: PlanInput, attempt: Try): readonly RemedyPlan[] {
  if (!['f32', 'f16', 'bf16', 'q8_0'].includes(request.cacheTypeK) || request.flashAttention === 'off') return []
  for (const cacheType of ['q8_0', 'q4_0'] as const) {
    if (cacheType === request.cacheTypeK) continue
    const plan = proven(
      { code: 'quantize-cache', cacheType },
      attempt({ cacheTypeK: cacheType, cacheTypeV: cacheType }),
    )
    if (plan) return [plan]
  }
  return []
}

function reduceUbatch(input: PlanInput, attempt: Try): RemedyPlan | undefined {
  const { ubatchSize } = contextShape(input.model, workplaceOf(input).settings)
  const at = (size: Tokens): Trial => attempt({ ubatchSize: size })
  const remedy = (size: Tokens): Remedy => ({ code: 'reduce-ubatch', ubatchSize: size })
  return halved({ asked: tokens(ubatchSize), least: LEAST_UBATCH, at, remedy })
}

/** The largest context that fits, exact to the engine's own step: 256 cells for every stream. */
function reduceContext(input: PlanInput, attempt: Try): RemedyPlan | undefined {
  const shape = contextShape(input.model, workplaceOf(input).settings)
  const step = CELL_GRANULARITY * shape.streams
  const at = (steps: number): Trial => attempt({ contextLength: tokens(steps * step) })
  const found = largestFitting({ least: 1, most: shape.contextLength / step, at })
  return found && proven({ code: 'reduce-context', contextLength: found.count * step }, found.trial)
}

/** Slots share `-c` unless their cache is unified, so fewer of them save windows, states and masks only. */
function reduceParallel({ request }: PlanInput, attempt: Try): RemedyPlan | undefined {
  if (request.parallel === 1) return undefined
  const at = (parallel: number): Trial => attempt({ parallel })
  const found = largestFitting({ least: 1, most: request.parallel, at })
  return found && proven({ code: 'reduce-parallel', parallel: found.count }, found.trial)
}

/** Of the smaller files that fit, the one that loses least by its quantization; of those that lose as much, the largest. */
function smallerFile({ model, alternatives }: PlanInput, attempt: Try): RemedyPlan | undefined {
  const smaller = (alternatives?.() ?? [])
    .filter((file) => file.model.weightBytes < model.weightBytes)
    .map((file) => ({ ...file, loss: lossOf(file.mix, () => file.model) }))
    .toSorted((left, right) => left.loss - right.loss || right.model.weightBytes - left.model.weightBytes)
  return firstFile(smaller, attempt)
}

/** Fit every device if the host has what they ask of it, which no tool told. */
const hostRemedies = ({ conditional }: NoFit): readonly RemedyPlan[] =>
  conditional.map((placement) => remedyPlan(hostRemedyOf(placement), placement))

function hostRemedyOf({ split, settings }: Placement): Remedy {
  const { hostBlocks, expertsOnHost } = split
  if (!settings.offloadKqv) return { code: 'cache-on-host' }
  return hostBlocks > 0 ? { code: 'blocks-on-host', hostBlocks } : { code: 'experts-on-host', expertsOnHost }
}
