import type { Machine } from '../machine/machine.ts'
import { explainReason } from '../placement/explain.ts'
import { needsHost } from '../placement/rank.ts'
import { groupThousands } from '../units.ts'
import type { Bound, RefusedValue, Solution, SolvedValue } from './solution.ts'

type Of<Union extends { readonly unknown: string }, Id> = Extract<Union, { readonly unknown: Id }>
type ValueWords = {
  readonly [Id in SolvedValue['unknown']]: (value: Of<SolvedValue, Id>) => string
}

/** The best value of what was left open, and what keeps it from being better: two sentences at most. */
export function explainSolution(solution: Solution, machine: Machine): string {
  if (!solution.solved) return `Not even ${words(solution.value)} fits. ${why(solution, machine)}`.trim()
  const { value, placement, bound } = solution
  const help = needsHost(placement) ? ', with the help of host memory' : ''
  return `The best that fits is ${words(value)}${help}. ${limits(bound, machine)}`
}

/** One reason is enough to see why. */
const why = ({ reasons: [reason] }: RefusedValue, machine: Machine): string =>
  reason ? explainReason(reason, machine) : ''

function limits(bound: Bound, machine: Machine): string {
  switch (bound.code) {
    case 'next-does-not-fit':
      return `With ${words(bound.value)}: ${why(bound, machine) || 'a part of it would lie in host memory.'}`
    case 'trained-context':
      return 'The model was trained for no more.'
    case 'engine-limit':
      return 'The engine serves no more.'
    case 'best-offered':
      return 'There is no better one to choose.'
  }
}

const words = <Id extends SolvedValue['unknown']>(value: Of<SolvedValue, Id>): string =>
  valueWords[value.unknown](value)

const valueWords: ValueWords = {
  context: ({ contextLength, contextPerSlot }) => {
    const all = contextLength === contextPerSlot ? '' : ` a slot (${groupThousands(contextLength)} in all)`
    return `a context of ${groupThousands(contextPerSlot)} tokens${all}`
  },
  slots: ({ parallel, contextLength }) =>
    `${parallel} ${parallel === 1 ? 'slot' : 'slots'} (${groupThousands(contextLength)} tokens in all)`,
  'cache-type': ({ cacheTypeK, cacheTypeV }) =>
    cacheTypeK === cacheTypeV ? `a KV cache in ${cacheTypeK}` : `keys in ${cacheTypeK} and values in ${cacheTypeV}`,
  mix: ({ candidate }) => candidate,
}
