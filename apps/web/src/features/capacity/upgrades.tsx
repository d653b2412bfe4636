'use client'

import { byNeed } from '@berth/core'
import { Badge } from '@berth/ui/badge'
import { Table, TableBody, TableCell, TableHead, TableHeading, TableRow, TableRowHeading } from '@berth/ui/table'
import { Wrench } from 'lucide-react'
import Link from 'next/link'
import { paths } from '../../paths.ts'
import { useTRPCClient } from '../../trpc/client.tsx'
import type { UpgradesResult } from '../../trpc/types.ts'
import { modelRefOf } from '../plan/plan-inputs.ts'
import { Answer, Room, StandingBadge } from './answer.tsx'
import { askedOf, type CapacityInputs, planPathOf, writeCapacityInputs } from './capacity-inputs.ts'
import { ModelField } from './model-field.tsx'
import { QuestionFields, type QuestionProps } from './question-fields.tsx'
import { useMachinesInParts } from './use-machines-in-parts.ts'
import { WhereField } from './where-field.tsx'

/** Which machine is one upgrade away from hosting a model. */
export function Upgrades({ lab, inputs, onChange }: QuestionProps) {
  const api = useTRPCClient()
  const model = modelRefOf(inputs)
  const question = { ...askedOf(inputs), model, mayRelyOnHost: inputs.host }
  const asked = useMachinesInParts(
    lab,
    question,
    async (of, machineIds, signal) =>
      (await api.capacity.upgrades.mutate({ ...question, model: of, machineIds }, { signal })).results,
  )
  return (
    <>
      <QuestionFields inputs={inputs} onChange={onChange}>
        <ModelField choices={lab.choices} inputs={inputs} onChange={onChange} />
        <WhereField inputs={inputs} onChange={onChange} />
      </QuestionFields>
      <Answer
        title="One upgrade away"
        noun="machines"
        asked={asked}
        missing={<p>Choose a model; every machine then says what it would take.</p>}
      >
        {(results) => (
          <>
            <Table label="Machines" cards>
              <TableHead>
                <TableRow>
                  <TableHeading>Machine</TableHeading>
                  <TableHeading>Now</TableHeading>
                  <TableHeading>What would do, the least first</TableHeading>
                </TableRow>
              </TableHead>
              <TableBody>
                {results.toSorted(byNeed).map((result) => (
                  <UpgradeRow
                    key={result.machine.id}
                    {...{ result, inputs }}
                    href={model ? planPathOf(inputs, model, { machine: result.machine.id, margin: lab.margin }) : ''}
                  />
                ))}
              </TableBody>
            </Table>
            <p className="px-4 pb-3 text-xs text-tertiary sm:px-5">
              Whether a machine has the slot, the power and the cooling for a card, no tool tells.
            </p>
          </>
        )}
      </Answer>
    </>
  )
}

function UpgradeRow({
  result,
  inputs,
  href,
}: {
  readonly result: UpgradesResult
  readonly inputs: CapacityInputs
  readonly href: string
}) {
  return (
    <TableRow className="align-top">
      <TableRowHeading>
        <Link href={href} className="text-accent hover:underline">
          {result.machine.name}
        </Link>
      </TableRowHeading>
      <TableCell data-label="Now">
        <State result={result} />
      </TableCell>
      <TableCell data-label="What would do">
        <Ways result={result} inputs={inputs} />
      </TableCell>
    </TableRow>
  )
}

function State({ result }: { readonly result: UpgradesResult }) {
  if (result.state === 'hosts') return <StandingBadge on={result.on} />
  if (result.state === 'out-of-reach') return <StandingBadge on="nowhere" />
  return (
    <Badge tone="tight">
      <Wrench aria-hidden className="size-3.5" />
      One upgrade away
    </Badge>
  )
}

function Ways({ result, inputs }: { readonly result: UpgradesResult; readonly inputs: CapacityInputs }) {
  if (result.state === 'hosts') {
    const { on, headroom } = result
    return (
      <span className="text-secondary">
        Nothing is needed: <Room standing={{ on, headroom }} /> on the fullest GPU.
      </span>
    )
  }
  if (result.state === 'out-of-reach') {
    return (
      <div className="grid gap-1 text-left text-secondary">
        {result.explanation.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
      </div>
    )
  }
  return (
    <ol className="grid gap-2 text-left">
      {result.upgrades.map(({ edit, explanation }) => (
        <li key={explanation}>
          {explanation}{' '}
          <Link
            href={paths.capacity(
              writeCapacityInputs({ ...inputs, q: 'what-if', machine: result.machine.id, edits: [edit] }),
            )}
            className="whitespace-nowrap text-xs text-accent underline"
          >
            What else it allows
          </Link>
        </li>
      ))}
    </ol>
  )
}
