'use client'

import { groupThousands } from '@berth/core'
import { Table, TableBody, TableCell, TableHead, TableHeading, TableRow, TableRowHeading } from '@berth/ui/table'
import Link from 'next/link'
import { useTRPCClient } from '../../trpc/client.tsx'
import type { ReplicasResult } from '../../trpc/types.ts'
import { modelRefOf } from '../plan/plan-inputs.ts'
import { Answer } from './answer.tsx'
import { askedOf, planPathOf } from './capacity-inputs.ts'
import { ModelField } from './model-field.tsx'
import { QuestionFields, type QuestionProps } from './question-fields.tsx'
import { useMachinesInParts } from './use-machines-in-parts.ts'
import { WhereField } from './where-field.tsx'

/** How many replicas of a model fit the lab now; each replica serves so many users. */
export function Replicas({ lab, inputs, onChange }: QuestionProps) {
  const api = useTRPCClient()
  const model = modelRefOf(inputs)
  const question = { ...askedOf(inputs), model, mayRelyOnHost: inputs.host }
  const asked = useMachinesInParts(
    lab,
    question,
    async (of, machineIds, signal) =>
      (await api.packing.replicas.mutate({ ...question, model: of, machineIds }, { signal })).machines,
  )
  return (
    <>
      <QuestionFields inputs={inputs} onChange={onChange}>
        <ModelField choices={lab.choices} inputs={inputs} onChange={onChange} />
        <WhereField inputs={inputs} onChange={onChange} />
      </QuestionFields>
      <Answer
        title="How many fit now"
        noun="machines"
        asked={asked}
        missing={<p>Choose a model; every machine then says how often it has room for it.</p>}
      >
        {(results) => (
          <>
            <p className="px-4 pt-3 text-sm sm:px-5">{sumOf(results, Math.max(1, inputs.users))}</p>
            <Table label="Machines" cards>
              <TableHead>
                <TableRow>
                  <TableHeading>Machine</TableHeading>
                  <TableHeading numeric>Replicas</TableHeading>
                  <TableHeading>Proof</TableHeading>
                </TableRow>
              </TableHead>
              <TableBody>
                {results.toSorted(byReplicas).map((result) => (
                  <TableRow key={result.machine.id}>
                    <TableRowHeading>
                      <Link
                        href={
                          model ? planPathOf(inputs, model, { machine: result.machine.id, margin: lab.margin }) : ''
                        }
                        className="text-accent hover:underline"
                      >
                        {result.machine.name}
                      </Link>
                    </TableRowHeading>
                    <TableCell data-label="Replicas" numeric>
                      {groupThousands(result.replicas)}
                    </TableCell>
                    <TableCell data-label="Proof" className="text-secondary">
                      {result.bound > result.replicas
                        ? `no more than ${groupThousands(result.bound)} would fit`
                        : 'no more would fit'}
                    </TableCell>
                  </TableRow>
                ))}
              </TableBody>
            </Table>
          </>
        )}
      </Answer>
    </>
  )
}

const byReplicas = (one: ReplicasResult, other: ReplicasResult): number =>
  other.replicas - one.replicas || one.machine.name.localeCompare(other.machine.name)

function sumOf(results: readonly ReplicasResult[], users: number): string {
  const all = results.reduce((sum, { replicas }) => sum + replicas, 0)
  const on = results.filter(({ replicas }) => replicas > 0).length
  if (all === 0) return 'None fits on these machines.'
  const served = users > 1 ? `, which serve ${groupThousands(all * users)} users at once` : ''
  return `${groupThousands(all)} ${all === 1 ? 'replica fits' : 'replicas fit'} on ${on} of ${results.length} machines${served}.`
}
