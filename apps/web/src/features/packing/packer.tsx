'use client'

import type { MachineId } from '@berth/core'
import { useQueryStates } from 'nuqs'
import { FailureCallout } from '../../trpc/failure-callout.tsx'
import type { ModelChoice } from '../plan/model-choice.ts'
import { inputOptions } from '../plan/use-plan-inputs.ts'
import { DemandRow } from './demand-row.tsx'
import { type DemandInputs, packingParsers, packingRequest } from './packing-inputs.ts'
import { PackingProgress } from './packing-progress.tsx'
import { PackingResult } from './packing-result.tsx'
import { PackingSettings } from './packing-settings.tsx'
import { usePacking } from './use-packing.ts'

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
      <PackingSettings
        inputs={{ demands, policy, seconds }}
        onChange={(change) => void setInputs(change)}
        onPack={request && (() => void pack(request))}
      />
      {isRunning && <PackingProgress phase={state.phase} seconds={seconds} onCancel={cancel} />}
      {state.error !== undefined && <FailureCallout title="The packing could not be worked out." error={state.error} />}
      {changed && (
        <p className="text-sm text-secondary">The question has changed since: this answers the one before.</p>
      )}
      {state.packing && state.asked && (
        <PackingResult
          key={JSON.stringify(state.asked)}
          packing={state.packing}
          asked={state.asked}
          isRunning={isRunning}
        />
      )}
    </div>
  )
}
