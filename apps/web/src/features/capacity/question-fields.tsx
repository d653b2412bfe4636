'use client'

import { Card } from '@berth/ui/card'
import type { ReactNode } from 'react'
import type { CatalogueGpuView, MachineView } from '../../trpc/types.ts'
import type { ModelChoice } from '../plan/model-choice.ts'
import type { CapacityInputs, ChangeInputs } from './capacity-inputs.ts'
import { Usage } from './usage.tsx'

/** What the page knows of the lab before anything is asked. */
export interface Lab {
  /** Those that are not in maintenance. */
  readonly machines: readonly MachineView[]
  readonly choices: readonly ModelChoice[]
  readonly gpus: readonly CatalogueGpuView[]
  /** What the team keeps free on every GPU, in bytes. */
  readonly margin: number
}

export interface QuestionProps {
  readonly lab: Lab
  readonly inputs: CapacityInputs
  readonly onChange: ChangeInputs
}

/** The fields of a question, with those that all have. */
export function QuestionFields({
  inputs,
  onChange,
  children,
}: Omit<QuestionProps, 'lab'> & { readonly children?: ReactNode }) {
  return (
    <Card aria-label="Question" className="grid gap-4 p-4 sm:px-5">
      {children}
      <Usage inputs={inputs} onChange={onChange} />
    </Card>
  )
}
