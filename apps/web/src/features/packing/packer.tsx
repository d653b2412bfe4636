'use client'

import type { MachineId } from '@berth/core'
import { Button } from '@berth/ui/button'
import { Card, CardBody } from '@berth/ui/card'
import { Field } from '@berth/ui/field'
import { Input } from '@berth/ui/input'
import { Select } from '@berth/ui/select'
import { Plus } from 'lucide-react'
import { useQueryStates } from 'nuqs'
import { FailureCallout } from '../../trpc/failure-callout.tsx'
import type { ModelChoice } from '../plan/model-choice.ts'
import { inputOptions } from '../plan/use-plan-inputs.ts'
import { DemandRow } from './demand-row.tsx'
import { type DemandInputs, newDemand, packingLimits, packingParsers, packingRequest } from './packing-inputs.ts'
import { PackingProgress } from './packing-progress.tsx'
import { PackingResult } from './packing-result.tsx'
import { usePacking } from './use-packing.ts'

const policies = [
  { value: 'pack', label: 'Pack: few machines' },
  { value: 'spread', label: 'Spread: many machines' },
] as const

export interface NamedMachine {
  readonly id: MachineId
  readonly name: string
}

/** What is to run on top, where it would lie below; the question is in the address. */
export function Packer({
  choices,
  machines,
}: {
  readonly choices: readonly ModelChoice[]
  readonly machines: readonly NamedMachine[]
}) {
  const [{ demands, policy, seconds }, setInputs] = useQueryStates(packingParsers, inputOptions)
  const { state, pack, cancel } = usePacking()
  const request = packingRequest(demands, { policy, seconds })
  const replace = (at: number, next: readonly DemandInputs[]) =>
    void setInputs({ demands: demands.toSpliced(at, 1, ...next) })
  const isRunning = state.phase !== 'idle'
  const changed = !isRunning && state.packing !== undefined && JSON.stringify(state.asked) !== JSON.stringify(request)
  return (
    <div className="grid gap-4">
      <ol className="grid gap-3" aria-label="Models to place">
        {demands.map((demand, at) => (
          // oxlint-disable-next-line react/no-array-index-key -- rows have no other name than their number
          <li key={at}>
            <DemandRow
              number={at + 1}
              demand={demand}
              choices={choices}
              machines={machines}
              onChange={(change) => replace(at, [{ ...demand, ...change }])}
              onRemove={demands.length > 1 ? () => replace(at, []) : undefined}
            />
          </li>
        ))}
      </ol>
      <Card>
        <CardBody className="flex flex-wrap items-end gap-3 pt-4">
          <Field
            label="Policy"
            tip="Pack: as few machines, then GPUs, as can be. Spread: replicas of a model on as many machines, evenly loaded."
          >
            {(control) => (
              <Select
                {...control}
                options={policies}
                value={policy}
                onChange={({ target }) =>
                  void setInputs({ policy: policies.find(({ value }) => value === target.value)?.value ?? policy })
                }
              />
            )}
          </Field>
          <Field
            label="Time limit, seconds"
            tip="How long the solver may look for better than the answer at once."
            className="w-36"
          >
            {(control) => (
              <Input
                {...control}
                type="number"
                {...packingLimits.seconds}
                value={seconds}
                onChange={({ target }) =>
                  void setInputs({ seconds: clamp(target.valueAsNumber, packingLimits.seconds) })
                }
              />
            )}
          </Field>
          <Button
            disabledReason={
              demands.length >= packingLimits.demands ? `${packingLimits.demands} models at most.` : undefined
            }
            onClick={() => void setInputs({ demands: [...demands, newDemand] })}
          >
            <Plus aria-hidden className="size-4" />
            Add a model
          </Button>
          <Button
            variant="primary"
            disabledReason={request ? undefined : 'Choose a model in every row first.'}
            onClick={() => request && void pack(request)}
          >
            Pack
          </Button>
        </CardBody>
      </Card>
      {isRunning && <PackingProgress phase={state.phase} seconds={seconds} onCancel={cancel} />}
      {state.error !== undefined && <FailureCallout title="The packing could not be worked out." error={state.error} />}
      {changed && (
        <p className="text-sm text-secondary">The question has changed since: this answers the one before.</p>
      )}
      {state.packing && <PackingResult packing={state.packing} />}
    </div>
  )
}

export const clamp = (value: number, { min, max }: { readonly min: number; readonly max: number }): number =>
  Number.isFinite(value) ? Math.min(max, Math.max(min, Math.round(value))) : min
