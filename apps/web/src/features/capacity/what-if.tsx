'use client'

import { byGain } from '@berth/core'
import { Field } from '@berth/ui/field'
import { Select } from '@berth/ui/select'
import { useTRPCClient } from '../../trpc/client.tsx'
import type { MachineView } from '../../trpc/types.ts'
import { devicesSummary } from '../plan/verdict-view.ts'
import { Answer } from './answer.tsx'
import { askedOf, filesOf } from './capacity-inputs.ts'
import { EditFields } from './edit-fields.tsx'
import { FilesFields } from './files-fields.tsx'
import { partsOf } from './in-parts.ts'
import { FILES_AT_ONCE } from './limits.ts'
import { QuestionFields, type QuestionProps } from './question-fields.tsx'
import { useInParts } from './use-in-parts.ts'
import { WhatIfTable } from './what-if-table.tsx'

/** What other parts in one machine would allow. */
export function WhatIf({ lab, inputs, onChange }: QuestionProps) {
  const api = useTRPCClient()
  const machine = lab.machines.find(({ id }) => id === inputs.machine)
  const models = filesOf(inputs, lab.choices)
  const { edits } = inputs
  const question = { ...askedOf(inputs), machineId: machine?.id ?? '', edits }
  const asked = useInParts(
    machine && edits.length > 0 && models.length > 0
      ? {
          parts: partsOf(models, FILES_AT_ONCE),
          ask: async (part, signal) =>
            (await api.capacity.whatIf.mutate({ ...question, files: { models: part } }, { signal })).results,
        }
      : undefined,
    JSON.stringify([question, models]),
  )
  return (
    <>
      <QuestionFields inputs={inputs} onChange={onChange}>
        <MachineField
          machines={lab.machines}
          machine={machine}
          // Another machine has other cards.
          onChoose={(id) => onChange({ machine: id, edits: [] })}
        />
        {machine && (
          <EditFields
            machine={machine}
            gpus={lab.gpus}
            edits={edits}
            onChange={(next) => onChange({ edits: [...next] })}
          />
        )}
        <FilesFields choices={lab.choices} inputs={inputs} onChange={onChange} />
      </QuestionFields>
      <Answer
        title={machine ? `What ${machine.name} would host` : 'What it would host'}
        noun="models"
        asked={asked}
        missing={
          <p>
            {machine
              ? 'Say what is changed in it, and which models are tried.'
              : 'Choose a machine, and say what is changed in it.'}
          </p>
        }
      >
        {(results) =>
          machine && <WhatIfTable results={results.toSorted(byGain)} {...{ inputs, machine }} margin={lab.margin} />
        }
      </Answer>
    </>
  )
}

function MachineField({
  machines,
  machine,
  onChoose,
}: {
  readonly machines: readonly MachineView[]
  readonly machine: MachineView | undefined
  readonly onChoose: (id: string) => void
}) {
  const options = machines.map((one) => ({ value: one.id, label: `${one.name}: ${devicesSummary(one) || 'no GPU'}` }))
  return (
    <Field label="Machine" className="max-w-xl">
      {(control) => (
        <Select
          {...control}
          options={[...(machine ? [] : [{ value: '', label: 'Choose a machine' }]), ...options]}
          value={machine?.id ?? ''}
          onChange={({ target }) => onChoose(target.value)}
        />
      )}
    </Field>
  )
}
