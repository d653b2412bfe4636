'use client'

import { byLargest, fileSizes } from '@berth/core'
import { ByteFigure } from '@berth/ui/byte-figure'
import { Field } from '@berth/ui/field'
import { Select } from '@berth/ui/select'
import { Table, TableBody, TableCell, TableHead, TableHeading, TableRow, TableRowHeading } from '@berth/ui/table'
import Link from 'next/link'
import { useTRPCClient } from '../../trpc/client.tsx'
import type { FileView, LargestResult } from '../../trpc/types.ts'
import { parameters } from '../model/model-figures.ts'
import { Answer, nothing } from './answer.tsx'
import { askedOf, type CapacityInputs, filesOf, planPathOf } from './capacity-inputs.ts'
import { FilesFields } from './files-fields.tsx'
import { partsOf } from './in-parts.ts'
import { MACHINES_AT_ONCE } from './limits.ts'
import { QuestionFields, type QuestionProps } from './question-fields.tsx'
import { useInParts } from './use-in-parts.ts'

const sizes = { weights: 'Size of its weights', parameters: 'Number of parameters' } as const

/** The largest model each machine can host. */
export function Largest({ lab, inputs, onChange }: QuestionProps) {
  const api = useTRPCClient()
  const models = filesOf(inputs, lab.choices)
  const question = { ...askedOf(inputs), files: { models } }
  const asked = useInParts(
    models.length > 0
      ? {
          parts: partsOf(
            lab.machines.map(({ id }) => id),
            MACHINES_AT_ONCE,
          ),
          ask: async (machineIds, signal) =>
            (await api.capacity.largest.mutate({ ...question, machineIds }, { signal })).results,
        }
      : undefined,
    JSON.stringify(question),
  )
  return (
    <>
      <QuestionFields inputs={inputs} onChange={onChange}>
        <FilesFields choices={lab.choices} inputs={inputs} onChange={onChange}>
          <Field label="Largest by">
            {(control) => (
              <Select
                {...control}
                options={fileSizes.map((size) => ({ value: size, label: sizes[size] }))}
                value={inputs.by}
                onChange={({ target }) =>
                  onChange({ by: fileSizes.find((size) => size === target.value) ?? inputs.by })
                }
              />
            )}
          </Field>
        </FilesFields>
      </QuestionFields>
      <Answer
        title="The largest model of each machine"
        noun="machines"
        asked={asked}
        missing={<p>Choose which models are tried: the stored ones, or the catalogue in a quantization.</p>}
      >
        {(results) => (
          <Table label="Machines" cards>
            <TableHead>
              <TableRow>
                <TableHeading>Machine</TableHeading>
                <TableHeading>Largest on GPUs</TableHeading>
                <TableHeading numeric>To spare</TableHeading>
                <TableHeading>The next larger</TableHeading>
                <TableHeading>Larger with host memory</TableHeading>
              </TableRow>
            </TableHead>
            <TableBody>
              {results.toSorted(byLargest).map((result) => (
                <LargestRow key={result.machine.id} {...{ result, inputs }} margin={lab.margin} />
              ))}
            </TableBody>
          </Table>
        )}
      </Answer>
    </>
  )
}

function LargestRow({
  result,
  inputs,
  margin,
}: {
  readonly result: LargestResult
  readonly inputs: CapacityInputs
  readonly margin: number
}) {
  const { machine } = result
  const { onGpus, withHost } = result[inputs.by]
  const href = (file: FileView): string => planPathOf(inputs, file.model, { machine: machine.id, margin })
  return (
    <TableRow className="align-top">
      <TableRowHeading>{machine.name}</TableRowHeading>
      <TableCell data-label="On GPUs">
        {onGpus ? <File file={onGpus.file} href={href(onGpus.file)} /> : nothing}
      </TableCell>
      <TableCell data-label="To spare" numeric>
        {onGpus ? <ByteFigure bytes={onGpus.headroom} focusable={false} /> : nothing}
      </TableCell>
      <TableCell data-label="The next larger">
        {onGpus?.next ? (
          <div>
            <span className="break-words">{onGpus.next.file.name}</span>
            {onGpus.next.lacks !== undefined && (
              <span className="block text-xs text-secondary">
                lacks <ByteFigure bytes={onGpus.next.lacks} focusable={false} /> at least
              </span>
            )}
          </div>
        ) : (
          <span className="text-tertiary">{onGpus ? 'it is the largest' : 'none fits'}</span>
        )}
      </TableCell>
      <TableCell data-label="With host memory">
        {withHost ? <File file={withHost.file} href={href(withHost.file)} /> : nothing}
      </TableCell>
    </TableRow>
  )
}

const File = ({ file, href }: { readonly file: FileView; readonly href: string }) => (
  <div>
    <Link href={href} className="break-words text-accent hover:underline">
      {file.name}
    </Link>
    <span className="block text-xs text-secondary">
      {parameters(file.parameterCount)}, <ByteFigure bytes={file.weightBytes} focusable={false} />
    </span>
  </div>
)
