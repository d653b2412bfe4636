import type { MachineId } from '@berth/core'
import { partsOf } from './in-parts.ts'
import { MACHINES_AT_ONCE } from './limits.ts'
import type { QuestionProps } from './question-fields.tsx'
import { type Asked, useInParts } from './use-in-parts.ts'

/** Asks about the lab's machines, a few at a time; without a model there is nothing to ask. */
export const useMachinesInParts = <Model, Result>(
  { machines }: QuestionProps['lab'],
  question: { readonly model: Model | undefined },
  ask: (model: Model, machineIds: readonly MachineId[], signal: AbortSignal) => Promise<readonly Result[]>,
): Asked<Result> => {
  const { model } = question
  const ids = machines.map(({ id }) => id)
  return useInParts(
    model && {
      parts: partsOf(ids, MACHINES_AT_ONCE),
      ask: (part: readonly MachineId[], signal) => ask(model, part, signal),
    },
    JSON.stringify(question),
  )
}
