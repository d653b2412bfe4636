'use client'

import { Button } from '@berth/ui/button'
import { Card, CardBody, CardHeader } from '@berth/ui/card'
import { cn } from '@berth/ui/cn'
import { Check } from 'lucide-react'
import Link from 'next/link'
import { paths } from '../../paths.ts'
import { AddSampleLab } from './sample-lab.tsx'

interface Step {
  readonly title: string
  readonly text: string
  readonly done: boolean
  readonly action: { readonly label: string; readonly href: string }
}

/** The way from nothing to a first plan. It goes away when it has been walked. */
export function Checklist({
  machines,
  models,
  plans,
}: {
  readonly machines: number
  readonly models: number
  readonly plans: number
}) {
  const steps: readonly Step[] = [
    {
      title: 'Add a machine',
      text: 'Paste what nvidia-smi -q -x prints on it.',
      done: machines > 0,
      action: { label: 'Add a machine', href: paths.machinesImport() },
    },
    {
      title: 'Import a model',
      text: 'Only its header is read. Or plan with the catalogue at once.',
      done: models > 0,
      action: { label: 'Import a model', href: paths.modelsImport() },
    },
    {
      title: 'Make a plan and save it',
      text: 'Which machine hosts it, how it is split, and the command.',
      done: plans > 0,
      action: { label: 'Make a plan', href: paths.plan() },
    },
  ]
  const next = steps.find(({ done }) => !done)
  return (
    <Card>
      <CardHeader title="First steps" actions={machines === 0 && <AddSampleLab />} />
      <CardBody>
        <ol className="grid gap-2.5">
          {steps.map((step, index) => (
            <li
              key={step.title}
              className={cn(
                'flex flex-wrap items-center gap-x-3 gap-y-2 rounded-md border px-3 py-2.5',
                step === next ? 'border-line-strong' : 'border-line',
              )}
            >
              <StepMark done={step.done} number={index + 1} />
              <div className="min-w-48 flex-1">
                <p className={cn('font-medium', step.done && 'text-secondary')}>
                  {step.title}
                  <span className="sr-only">{step.done ? ', done' : ''}</span>
                </p>
                <p className="text-xs text-secondary">{step.text}</p>
              </div>
              {!step.done && (
                <Button asChild size="sm" variant={step === next ? 'primary' : 'secondary'}>
                  <Link href={step.action.href}>{step.action.label}</Link>
                </Button>
              )}
            </li>
          ))}
        </ol>
      </CardBody>
    </Card>
  )
}

function StepMark({ done, number }: { readonly done: boolean; readonly number: number }) {
  return (
    <span
      aria-hidden
      className={cn(
        'grid size-6 shrink-0 place-items-center rounded-full text-xs font-semibold',
        done ? 'bg-good-soft text-good' : 'bg-sunken text-secondary ring-1 ring-inset ring-line',
      )}
    >
      {done ? <Check className="size-3.5" strokeWidth={3} /> : number}
    </span>
  )
}
