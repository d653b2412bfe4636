'use client'

import { type GgufHeader, type ModelMemory, type Tokens, typicalCards } from '@berth/core'
import { Button } from '@berth/ui/button'
import { ByteFigure } from '@berth/ui/byte-figure'
import { Callout } from '@berth/ui/callout'
import { Card, CardBody, CardHeader } from '@berth/ui/card'
import { cn } from '@berth/ui/cn'
import { MemoryBar } from '@berth/ui/memory-bar'
import Link from 'next/link'
import { useQueryStates } from 'nuqs'
import type { ReactNode } from 'react'
import { plannerPathFor } from '../plan/planner-path.ts'
import { Choice, UsageChoices, UsageSliders } from '../plan/usage-fields.tsx'
import { inputOptions } from '../plan/use-plan-inputs.ts'
import { ContextGrowth } from './context-growth.tsx'
import { type MemoryInputs, memoryParsers } from './memory-inputs.ts'
import { MemoryTable } from './memory-table.tsx'
import { type FirstAnswer, useModelMemory } from './use-model-memory.ts'

export interface ModelMemoryProps {
  readonly header: GgufHeader
  readonly trainedContext: Tokens
  readonly first: FirstAnswer
  /** How the planner is told which model. */
  readonly planned: { readonly model: string; readonly mix: string | null }
}

const cardOptions = typicalCards.map(({ capability, cards }) => ({
  value: capability,
  label: `${capability}: ${cards}`,
}))

/** What the model takes before any machine is chosen, for a use that the address holds. */
export function ModelMemorySection({ header, trainedContext, first, planned }: ModelMemoryProps) {
  const [inputs, setInputs] = useQueryStates(memoryParsers, inputOptions)
  const { answer, current, failure } = useModelMemory(header, inputs, first)
  const change = (next: Partial<MemoryInputs>) => void setInputs(next)
  const { cc: _, ...usage } = inputs
  return (
    <Card aria-label="Memory">
      <CardHeader
        title="Memory"
        description="With every layer on one GPU, before a machine is chosen. = is llama.cpp’s own figure, ≤ an upper bound, ≈ assumed."
        actions={
          <Button asChild size="sm">
            <Link href={plannerPathFor({ ...planned, ...usage })}>Plan with these settings</Link>
          </Button>
        }
      />
      <CardBody className="grid gap-5">
        <div className="grid gap-x-6 gap-y-4 sm:grid-cols-2 lg:grid-cols-3">
          <UsageSliders inputs={inputs} onChange={change} trainedContext={trainedContext} />
          <div className="grid grid-cols-2 gap-4 sm:col-span-2 sm:grid-cols-4 lg:col-span-3 lg:grid-cols-[repeat(4,minmax(0,1fr))_minmax(0,1.6fr)]">
            <UsageChoices inputs={inputs} onChange={change} />
            <div className="col-span-2 lg:col-span-1">
              <Choice
                label="Compute capability"
                tip="Decides what the driver takes and which kernels need temporaries. Weights, context and compute buffers are the same on all."
                options={cardOptions}
                value={inputs.cc}
                onChange={(value) => change({ cc: memoryParsers.cc.parse(value) ?? inputs.cc })}
              />
            </div>
          </div>
        </div>
        {failure !== undefined && (
          <Callout tone="error" title="The memory could not be counted.">
            {failure}
          </Callout>
        )}
        {!answer.ok && <Refused reasons={answer.issue} />}
      </CardBody>
      {answer.ok && (
        <div aria-busy={!current} className={cn('grid transition-[filter]', !current && 'grayscale delay-150')}>
          <Figures memory={answer.value} />
        </div>
      )}
    </Card>
  )
}

function Refused({ reasons }: { readonly reasons: readonly string[] }) {
  return (
    <Callout tone="error" title="llama.cpp refuses these settings.">
      <ul className="grid gap-1">
        {reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
    </Callout>
  )
}

function Figures({ memory }: { readonly memory: ModelMemory }) {
  const { groups, total, perToken, settings, flashAttention, curves } = memory
  const context = groups.find(({ part }) => part === 'context')!
  return (
    <>
      <CardBody className="grid gap-4 pt-0 sm:pt-0">
        <dl className="grid grid-cols-2 gap-x-4 gap-y-3.5 sm:grid-cols-3 lg:grid-cols-5">
          <Fact term="One GPU, loaded" value={<ByteFigure bytes={total.deviceAtLoad} />} />
          <Fact term="One GPU, first prompt read" value={<ByteFigure bytes={total.device} />} />
          <Fact term="Host memory" value={<ByteFigure bytes={total.host} />} />
          <Fact term="Each token of context" value={<ByteFigure bytes={perToken.device} />} />
          <Fact
            term="Flash attention"
            value={`${flashAttention ? 'on' : 'off'}${settings.flashAttention === 'auto' ? ', by auto' : ''}`}
          />
        </dl>
        <MemoryBar
          label="One GPU"
          scale={total.device}
          segments={groups.map(({ part, device }) => ({ kind: part, bytes: device }))}
        />
      </CardBody>
      <MemoryTable memory={memory} />
      <CardBody className="pt-5">
        <ContextGrowth curves={curves} contextLength={settings.contextLength} size={context.device} />
      </CardBody>
    </>
  )
}

function Fact({ term, value }: { readonly term: string; readonly value: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-tertiary">{term}</dt>
      <dd className="mt-0.5 font-medium tabular-nums">{value}</dd>
    </div>
  )
}
