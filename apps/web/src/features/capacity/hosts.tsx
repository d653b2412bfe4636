'use client'

import { byStanding, groupThousands } from '@berth/core'
import { Table, TableBody, TableCell, TableHead, TableHeading, TableRow, TableRowHeading } from '@berth/ui/table'
import Link from 'next/link'
import { useTRPCClient } from '../../trpc/client.tsx'
import type { HostsResult } from '../../trpc/types.ts'
import { modelRefOf } from '../plan/plan-inputs.ts'
import { Answer, Context, Room, StandingBadge } from './answer.tsx'
import { askedOf, planPathOf } from './capacity-inputs.ts'
import { ModelField } from './model-field.tsx'
import { QuestionFields, type QuestionProps } from './question-fields.tsx'
import { useMachinesInParts } from './use-machines-in-parts.ts'

/** What can host a model at a context for so many users. */
export function Hosts({ lab, inputs, onChange }: QuestionProps) {
  const api = useTRPCClient()
  const model = modelRefOf(inputs)
  const question = { ...askedOf(inputs), model }
  const asked = useMachinesInParts(
    lab,
    question,
    async (of, machineIds, signal) =>
      (await api.capacity.hosts.mutate({ ...question, model: of, machineIds }, { signal })).results,
  )
  return (
    <>
      <QuestionFields inputs={inputs} onChange={onChange}>
        <ModelField choices={lab.choices} inputs={inputs} onChange={onChange} />
      </QuestionFields>
      <Answer
        title={`Who hosts it at ${groupThousands(inputs.ctx)} tokens for ${inputs.users === 1 ? 'one user' : `${inputs.users} users`}`}
        noun="machines"
        asked={asked}
        missing={<p>Choose a model; every machine then answers.</p>}
      >
        {(results) => (
          <Table label="Machines" cards>
            <TableHead>
              <TableRow>
                <TableHeading>Machine</TableHeading>
                <TableHeading>As asked</TableHeading>
                <TableHeading numeric>Fullest place</TableHeading>
                <TableHeading numeric>Largest context of a user, on GPUs</TableHeading>
              </TableRow>
            </TableHead>
            <TableBody>
              {results.toSorted(byStanding).map((result) => (
                <HostRow
                  key={result.machine.id}
                  result={result}
                  href={model ? planPathOf(inputs, model, { machine: result.machine.id, margin: lab.margin }) : ''}
                />
              ))}
            </TableBody>
          </Table>
        )}
      </Answer>
    </>
  )
}

function HostRow({ result, href }: { readonly result: HostsResult; readonly href: string }) {
  const { machine, standing, explanation } = result
  return (
    <TableRow className="align-top">
      <TableRowHeading>
        <Link href={href} className="text-accent hover:underline">
          {machine.name}
        </Link>
      </TableRowHeading>
      <TableCell data-label="As asked">
        <div className="grid justify-items-start gap-1">
          <StandingBadge on={standing.on} />
          {explanation.map((sentence) => (
            <p key={sentence} className="max-w-prose text-left text-xs text-secondary">
              {sentence}
            </p>
          ))}
        </div>
      </TableCell>
      <TableCell data-label="Fullest place" numeric className="whitespace-nowrap">
        <Room standing={standing} />
      </TableCell>
      <TableCell data-label="Largest context" numeric>
        <Context standing={standing} />
      </TableCell>
    </TableRow>
  )
}
