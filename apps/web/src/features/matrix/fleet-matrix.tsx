'use client'

import { Button } from '@berth/ui/button'
import { EmptyState } from '@berth/ui/empty-state'
import { Box } from 'lucide-react'
import { useMemo } from 'react'
import { FilterChips } from '../fleet/filter-chips.tsx'
import { filterInput, writeFilter } from '../fleet/list-query.ts'
import { ggufEngine } from './gguf-engine.ts'
import type { ModelChoice } from '../plan/model-choice.ts'
import { MachineFilters } from './machine-filters.tsx'
import { MatrixAnswers } from './matrix-answers.tsx'
import { filterOf, matrixRequestOf, type MatrixInputs } from './matrix-inputs.ts'
import { MatrixSettings } from './matrix-settings.tsx'
import { firstSelection, readSelection, refsOf, writeSelection } from './model-selection.ts'
import { ModelsDialog } from './models-dialog.tsx'
import type { SurveyInput } from './survey.ts'
import { useMatrixInputs } from './use-matrix-inputs.ts'

/** The question on top, the answers of all pairs below; all of it in the address. */
export function FleetMatrix({
  choices,
  folders,
}: {
  /** GGUF files, stored or of the catalogue. */
  readonly choices: readonly ModelChoice[]
  /** Stored models that are folders of ExLlama. */
  readonly folders: number
}) {
  const [inputs, setInputs] = useMatrixInputs()
  const change = (next: Partial<MatrixInputs>) => void setInputs(next)
  const selection = useMemo(
    () => (inputs.models === null ? firstSelection(choices) : readSelection(inputs.models)),
    [inputs.models, choices],
  )
  const models = useMemo(() => refsOf(selection, choices), [selection, choices])
  const filter = filterOf(inputs)
  const input: SurveyInput = {
    models,
    machines: filterInput(filter),
    ...ggufEngine(inputs.engine),
    request: matrixRequestOf(inputs),
    memory: inputs.memory,
  }
  const setFilter = (next: typeof filter) => change({ among: writeFilter(next) || null })
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <search className="flex flex-wrap items-center gap-2">
        <ModelsDialog
          choices={choices}
          selection={selection}
          count={models.length}
          folders={folders}
          onChange={(next) => change({ models: writeSelection(next) })}
        />
        <MachineFilters filter={filter} onChange={setFilter} />
      </search>
      <FilterChips filter={filter} onChange={setFilter} />
      <MatrixSettings inputs={inputs} onChange={change} />
      {models.length > 0 ? (
        <MatrixAnswers input={input} inputs={inputs} onChange={change} onClearFilter={() => setFilter({})} />
      ) : (
        <NoModels onFirst={() => change({ models: null })} />
      )}
    </div>
  )
}

const NoModels = ({ onFirst }: { readonly onFirst: () => void }) => (
  <EmptyState icon={<Box />} title="No model is chosen" actions={<Button onClick={onFirst}>Those at first</Button>}>
    <p>Choose stored models, or models of the catalogue in the mixes that you may run: each file is a row.</p>
  </EmptyState>
)
