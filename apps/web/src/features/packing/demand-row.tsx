import { Button } from '@berth/ui/button'
import { Card, CardBody } from '@berth/ui/card'
import { Field } from '@berth/ui/field'
import { Input } from '@berth/ui/input'
import { Select } from '@berth/ui/select'
import { Trash2 } from 'lucide-react'
import { engineOptions } from '../plan/engine-choice.ts'
import { ModelBar } from '../plan/model-bar.tsx'
import type { ModelChoice } from '../plan/model-choice.ts'
import { AllowedMachines } from './allowed-machines.tsx'
import { type DemandInputs, issueOf, packingLimits } from './packing-inputs.ts'
import type { NamedMachine } from './packer.tsx'

export interface DemandRowProps {
  readonly number: number
  readonly demand: DemandInputs
  readonly choices: readonly ModelChoice[]
  readonly machines: readonly NamedMachine[]
  readonly onChange: (change: Partial<DemandInputs>) => void
  /** Absent for the only one. */
  readonly onRemove: (() => void) | undefined
}

/** One model: which, how often, how important, how it is used and where it may run. */
export function DemandRow({ number, demand, choices, machines, onChange, onRemove }: DemandRowProps) {
  const kind = demand.mix === null ? 'stored' : 'catalogue'
  const chosen = choices.find((choice) => choice.id === demand.model && choice.kind === kind)
  const gguf = choices.filter(({ format }) => format === 'gguf')
  const engines = engineOptions('gguf').filter(({ disabled }) => !disabled)
  const numbers = { demand, onChange }
  return (
    <Card aria-label={`Model ${number}`}>
      <CardBody className="grid gap-3 pt-4">
        <ModelBar
          title={`Model ${number}`}
          choices={gguf}
          chosen={chosen}
          mix={demand.mix}
          onChange={({ model, mix }) =>
            onChange({ ...(typeof model === 'string' && { model }), ...(mix !== undefined && { mix }) })
          }
        />
        <div className="grid grid-cols-2 items-end gap-3 sm:grid-cols-4 lg:grid-cols-[repeat(4,minmax(5rem,8rem))_minmax(9rem,12rem)_minmax(10rem,1fr)_minmax(8rem,12rem)_auto]">
          <NumberField
            {...numbers}
            label="Replicas"
            field="replicas"
            tip="Processes of its own, each with all of the model."
          />
          <NumberField {...numbers} label="Priority" field="priority" tip="The higher is served first, 9 before 0." />
          <NumberField
            {...numbers}
            label="Context"
            field="context"
            tip="-c: tokens of all slots of a replica together."
          />
          <NumberField
            {...numbers}
            label="Slots"
            field="slots"
            tip="-np: requests that a replica serves at the same time."
          />
          <Field label="Engine">
            {(control) => (
              <Select
                {...control}
                options={engines}
                value={demand.engine}
                onChange={({ target }) => onChange({ engine: target.value })}
              />
            )}
          </Field>
          <AllowedMachines demand={demand} machines={machines} onChange={onChange} />
          <Field
            label="With label"
            tip="As in Kubernetes: rack, !rack, rack=a or rack!=a. Empty for any."
            error={demand.model === '' ? undefined : issueOf(demand)}
          >
            {(control) => (
              <Input
                {...control}
                autoComplete="off"
                placeholder="any"
                maxLength={400}
                value={demand.label}
                onChange={({ target }) => onChange({ label: target.value.trim() })}
              />
            )}
          </Field>
          {onRemove && (
            <Button variant="ghost" size="icon" aria-label={`Remove model ${number}`} onClick={onRemove}>
              <Trash2 aria-hidden className="size-4" />
            </Button>
          )}
        </div>
      </CardBody>
    </Card>
  )
}

type NumberName = 'replicas' | 'priority' | 'context' | 'slots'

function NumberField({
  label,
  tip,
  field,
  demand,
  onChange,
}: Pick<DemandRowProps, 'demand' | 'onChange'> & {
  readonly label: string
  readonly tip: string
  readonly field: NumberName
}) {
  const { min, max } = packingLimits[field]
  const set = (value: number) => {
    if (Number.isFinite(value)) onChange({ [field]: Math.min(max, Math.max(0, Math.round(value))) })
  }
  return (
    <Field label={label} tip={tip}>
      {(control) => (
        <Input
          {...control}
          type="number"
          {...{ min, max }}
          value={demand[field]}
          onChange={({ target }) => set(target.valueAsNumber)}
          onBlur={() => demand[field] < min && onChange({ [field]: min })}
        />
      )}
    </Field>
  )
}
