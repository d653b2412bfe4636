import { contextAsked } from '../../engines/llama-cpp-settings.ts'
import { type Attempt, firstFile, halved, proven, type Trial, trialOf } from '../../placement/remedy-trials.ts'
import { largestFitting } from '../../placement/search/largest-fitting.ts'
import type { Remedy, RemedyPlan } from '../../placement/verdict.ts'
import { type Tokens, tokens } from '../../units.ts'
import { PAGE_TOKENS } from '../exllamav3/settings.ts'
import type { Exl2Model } from '../model.ts'
import type { Exl2CacheMode } from '../settings.ts'
import { decideExl2, type Exl2Decision } from './decide.ts'
import type { Exl2PlanInput } from './workplace.ts'

type NoFit = Extract<Exl2Decision, { readonly fits: false }>

type Try = Attempt<Exl2Model>

/** Smaller caches, the gentlest first. */
const SMALLER: Readonly<Record<Exl2CacheMode, readonly Exl2CacheMode[]>> = {
  FP16: ['Q8', 'Q6', 'Q4'],
  FP8: ['Q6', 'Q4'],
  Q8: ['Q6', 'Q4'],
  Q6: ['Q4'],
  Q4: [],
}

/** TabbyAPI takes no smaller piece, and a smaller one saves next to nothing. */
const LEAST_CHUNK = tokens(PAGE_TOKENS)

/**
 * Single changes that make it fit, what costs the user least first, each proven by planning with it. What the engine
 * refuses whatever the memory has no remedy here but fewer slots.
 */
export function exl2Remedies(input: Exl2PlanInput, { nearest }: NoFit): readonly RemedyPlan[] {
  const attempt: Try = (change, model = input.model) =>
    trialOf(decideExl2({ ...input, model, request: { ...input.request, ...change } }, 'answer'))
  const found = nearest
    ? [
        flashAttention(input, attempt),
        reduceChunk(input, attempt),
        ...smallerCaches(input, attempt),
        reduceContext(input, attempt),
        smallerFile(input, attempt),
      ]
    : [singleSlot(input, attempt), flashAttention(input, attempt)]
  return found.filter((plan) => plan !== undefined)
}

function flashAttention({ request }: Exl2PlanInput, attempt: Try): RemedyPlan | undefined {
  if (request.flashAttention === 'auto') return undefined
  return proven({ code: 'flash-attention' }, attempt({ flashAttention: 'auto' }))
}

function reduceChunk({ request }: Exl2PlanInput, attempt: Try): RemedyPlan | undefined {
  const at = (size: Tokens): Trial => attempt({ batchSize: size })
  const remedy = (size: Tokens): Remedy => ({ code: 'reduce-chunk', batchSize: size })
  return halved({ asked: request.batchSize, least: LEAST_CHUNK, at, remedy })
}

/** Every smaller mode that is enough: what each of them leaves differs much. */
const smallerCaches = ({ request }: Exl2PlanInput, attempt: Try): readonly (RemedyPlan | undefined)[] =>
  SMALLER[request.exl2Cache ?? 'FP16'].map((cacheMode) =>
    proven({ code: 'exl2-cache', cacheMode }, attempt({ exl2Cache: cacheMode })),
  )

/** The largest context that fits, in whole pages, as every engine's paged cache has them. */
function reduceContext({ request, model }: Exl2PlanInput, attempt: Try): RemedyPlan | undefined {
  const at = (pages: number): Trial => attempt({ contextLength: tokens(pages * PAGE_TOKENS) })
  const most = Math.ceil(contextAsked(request, model) / PAGE_TOKENS)
  const found = largestFitting({ least: 1, most, at })
  return found && proven({ code: 'reduce-context', contextLength: found.count * PAGE_TOKENS }, found.trial)
}

function singleSlot({ request }: Exl2PlanInput, attempt: Try): RemedyPlan | undefined {
  if (request.parallel === 1) return undefined
  return proven({ code: 'reduce-parallel', parallel: 1 }, attempt({ parallel: 1 }))
}

/** The largest of the smaller folders that fits; what holds fewer bytes of weights is taken to need less. */
function smallerFile({ model, alternatives }: Exl2PlanInput, attempt: Try): RemedyPlan | undefined {
  const smaller = (alternatives?.() ?? [])
    .filter((folder) => folder.model.tensorBytes < model.tensorBytes)
    .toSorted((left, right) => right.model.tensorBytes - left.model.tensorBytes)
  return firstFile(smaller, attempt)
}
