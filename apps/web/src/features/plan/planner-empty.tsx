'use client'

import { Button } from '@berth/ui/button'
import { EmptyState } from '@berth/ui/empty-state'
import { Box, Server } from 'lucide-react'
import Link from 'next/link'
import { paths } from '../../paths.ts'
import { mixFor, type ModelChoice } from './model-choice.ts'
import type { PlanInputs } from './plan-inputs.ts'

/** How many models of the catalogue are offered at once to start with. */
const SUGGESTIONS = 3

export function NoModel({
  choices,
  onChoose,
}: {
  readonly choices: readonly ModelChoice[]
  readonly onChoose: (change: Partial<PlanInputs>) => void
}) {
  const stored = choices.filter(({ kind }) => kind === 'stored')
  const offered = (stored.length > 0 ? stored : choices).slice(0, SUGGESTIONS)
  return (
    <EmptyState
      icon={<Box />}
      title="Choose a model to plan"
      actions={
        <>
          {offered.map((choice) => (
            <Button key={choice.id} onClick={() => onChoose({ model: choice.id, mix: mixFor(choice, null) })}>
              {choice.name}
            </Button>
          ))}
          <Button asChild variant="ghost">
            <Link href={paths.modelsImport()}>Import one</Link>
          </Button>
        </>
      }
    >
      <p>Every machine then answers here: whether it can host the model, how it is split, and with what command.</p>
    </EmptyState>
  )
}

export function NoMachines() {
  return (
    <EmptyState
      icon={<Server />}
      title="No machine to plan on"
      actions={
        <Button asChild variant="primary">
          <Link href={paths.machinesImport()}>Add a machine</Link>
        </Button>
      }
    >
      <p>Paste what its driver prints, or add the sample lab on the overview.</p>
    </EmptyState>
  )
}
