import { Button } from '@berth/ui/button'
import { Card, CardBody } from '@berth/ui/card'
import { Field } from '@berth/ui/field'
import { Input } from '@berth/ui/input'
import { Select } from '@berth/ui/select'
import type { inferParserType } from 'nuqs/server'
import { Plus } from 'lucide-react'
import { newDemand, packingLimits, type packingParsers } from './packing-inputs.ts'

type Inputs = inferParserType<typeof packingParsers>

const policies = [
  { value: 'pack', label: 'Pack: few machines' },
  { value: 'spread', label: 'Spread: many machines' },
] as const

/** What the packing seeks, for how long, and the start of it. */
export function PackingSettings({
  inputs: { demands, policy, seconds },
  onChange,
  onPack,
}: {
  readonly inputs: Inputs
  readonly onChange: (change: Partial<Inputs>) => void
  /** Absent while a row cannot be asked. */
  readonly onPack: (() => void) | undefined
}) {
  const { min, max } = packingLimits.seconds
  const setSeconds = (value: number) => {
    if (Number.isFinite(value)) onChange({ seconds: Math.min(max, Math.max(min, Math.round(value))) })
  }
  const isFull = demands.length >= packingLimits.demands
  return (
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
                onChange({ policy: policies.find(({ value }) => value === target.value)?.value ?? policy })
              }
            />
          )}
        </Field>
        <Field
          label="Time limit, s"
          tip="How long the solver may look for better than the answer at once."
          className="w-24"
        >
          {(control) => (
            <Input
              {...control}
              type="number"
              {...{ min, max }}
              value={seconds}
              onChange={({ target }) => setSeconds(target.valueAsNumber)}
            />
          )}
        </Field>
        <Button
          disabledReason={isFull ? `${packingLimits.demands} models at most.` : undefined}
          onClick={() => onChange({ demands: [...demands, newDemand] })}
        >
          <Plus aria-hidden className="size-4" />
          Add a model
        </Button>
        <Button
          variant="primary"
          disabledReason={onPack ? undefined : 'Choose a model in every row first.'}
          onClick={onPack}
        >
          Pack
        </Button>
      </CardBody>
    </Card>
  )
}
