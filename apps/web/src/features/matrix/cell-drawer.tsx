'use client'

import { formatBytes, formatSpeed, groupThousands } from '@berth/core'
import { Button } from '@berth/ui/button'
import { fitWords } from '@berth/ui/fit-kinds'
import { cellWords } from '@berth/ui/headroom-words'
import { Skeleton } from '@berth/ui/skeleton'
import { Table, TableBody, TableCell, TableHead, TableHeading, TableRow, TableRowHeading } from '@berth/ui/table'
import { ArrowDownWideNarrow, X } from 'lucide-react'
import Link from 'next/link'
import { useEffect, useId } from 'react'
import { paths } from '../../paths.ts'
import { plannerPathFor } from '../plan/planner-path.ts'
import type { MatrixInputs } from './matrix-inputs.ts'
import type { KnownCell } from './matrix-table.ts'
import { basisWords } from './matrix-words.ts'
import { BestEngine } from './best-engine.tsx'
import type { ExactCell, SurveyFile, SurveyHardware, SurveyInput } from './survey.ts'

export interface CellDrawerProps {
  readonly file: SurveyFile
  readonly machine: SurveyHardware['machines'][number]
  /** What it has in common with the machines that are like it. */
  readonly hardware: SurveyHardware
  readonly cell: KnownCell
  /** What was asked of all pairs. */
  readonly input: SurveyInput
  readonly inputs: MatrixInputs
  readonly onChange: (change: Partial<MatrixInputs>) => void
}

/** One pair in full beside the matrix, which stays in use: Escape or the cross closes it. */
export function CellDrawer({ file, machine, hardware, cell, input, inputs, onChange }: CellDrawerProps) {
  const heading = useId()
  const close = () => onChange({ file: null, on: null })
  useEscape(close)
  const { icon: Icon } = fitWords[cell.kind]
  return (
    <aside
      aria-labelledby={heading}
      className="z-30 grid content-start gap-4 overflow-y-auto border-line bg-surface p-4 max-xl:fixed max-xl:inset-x-0 max-xl:bottom-0 max-xl:max-h-[70dvh] max-xl:border-t max-xl:shadow-xl xl:sticky xl:top-4 xl:max-h-[calc(100dvh-2rem)] xl:rounded-lg xl:border"
    >
      <header className="flex items-start justify-between gap-3">
        <h2 id={heading} className="min-w-0 text-sm font-semibold break-words">
          {file.name} on {machine.name}
        </h2>
        <button
          type="button"
          aria-label="Close"
          onClick={close}
          className="-mt-1 -mr-1 rounded-md p-1.5 text-tertiary hover:bg-hover hover:text-ink"
        >
          <X aria-hidden className="size-4" />
        </button>
      </header>
      <p className="flex items-start gap-2 text-sm">
        <Icon aria-hidden className="mt-0.5 size-4 shrink-0" strokeWidth={2.25} />
        {cellWords(cell)}
      </p>
      {cell.exact ? <Facts exact={cell.exact} file={file} /> : <Pending />}
      <BestEngine file={file} machine={machine.id} smallestDevice={hardware.smallestDevice} input={input} />
      <div className="flex flex-wrap gap-2">
        <Button asChild variant="primary">
          <Link href={planPath(file, machine.id, inputs)} prefetch={false}>
            Open the plan
          </Link>
        </Button>
        <Button onClick={() => onChange({ sort: '-headroom', by: machine.id })}>
          <ArrowDownWideNarrow aria-hidden /> Sort by this machine
        </Button>
      </div>
      {inputs.memory !== 'promised' && (
        <p className="text-xs text-secondary">
          Figures here are of “{basisWords[inputs.memory].label}”; the plan counts what is promised and in use.
        </p>
      )}
      {hardware.machines.length > 1 && <Alike machines={hardware.machines} />}
    </aside>
  )
}

function Facts({ exact, file }: { readonly exact: ExactCell; readonly file: SurveyFile }) {
  const facts: readonly (readonly [string, string])[] = [
    ...(exact.split === '' ? [] : [['Layers by GPU', exact.split] as const]),
    ['Engine', `${exact.engine} ${exact.engineVersion}`],
    ...(exact.largestContext === null
      ? []
      : [['Largest context', `${groupThousands(exact.largestContext)} tokens`] as const]),
    ...(exact.generation ? [['Generation', formatSpeed(exact.generation)] as const] : []),
    ['File', formatBytes(file.weightBytes)],
  ]
  return (
    <>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5 text-sm">
        {facts.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-secondary">{name}</dt>
            <dd className="text-right tabular-nums break-words">{value}</dd>
          </div>
        ))}
      </dl>
      {exact.places.length > 0 && <Places places={exact.places} />}
      {exact.reasons.length > 0 && (
        <ul className="grid gap-1 text-xs text-secondary">
          {exact.reasons.map((reason) => (
            <li key={reason} className="flex gap-1.5">
              <span aria-hidden className="text-bad">
                ×
              </span>
              {reason}
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

const Places = ({ places }: Pick<ExactCell, 'places'>) => (
  <Table label="Memory" flush className="text-xs">
    <TableHead>
      <TableRow>
        <TableHeading>Memory</TableHeading>
        <TableHeading numeric>Needs</TableHeading>
        <TableHeading numeric>To spare</TableHeading>
      </TableRow>
    </TableHead>
    <TableBody>
      {places.map(({ name, required, headroom }) => (
        <TableRow key={name}>
          <TableRowHeading className="py-1 font-normal">{name}</TableRowHeading>
          <TableCell numeric className="py-1 whitespace-nowrap">
            {formatBytes(required)}
          </TableCell>
          <TableCell numeric className="py-1 whitespace-nowrap">
            {formatBytes(headroom)}
          </TableCell>
        </TableRow>
      ))}
    </TableBody>
  </Table>
)

const Pending = () => (
  <div role="status" className="grid gap-2">
    <span className="sr-only">Planning</span>
    <Skeleton className="h-5" />
    <Skeleton className="h-5" />
    <Skeleton className="h-5 w-2/3" />
  </div>
)

const Alike = ({ machines }: { readonly machines: SurveyHardware['machines'] }) => (
  <section aria-label="Equal machines" className="grid gap-1 text-xs text-secondary">
    <h3 className="font-medium">The same on {machines.length} equal machines</h3>
    <p className="max-h-24 overflow-y-auto">
      {machines.map(({ id, name }, at) => (
        <span key={id}>
          {at > 0 && ', '}
          <Link href={paths.machine(id)} prefetch={false} className="rounded-sm text-accent hover:underline">
            {name}
          </Link>
        </span>
      ))}
    </p>
  </section>
)

/** The planner with what the cell was asked with. */
export function planPath({ ref }: Pick<SurveyFile, 'ref'>, machine: string, inputs: MatrixInputs): string {
  const { ctx, np, ctk, ctv, ub, fa, kvu, engine, margin } = inputs
  return plannerPathFor({
    ...{ model: ref.id, mix: ref.kind === 'catalogue' ? ref.mix : null },
    ...{ ctx, np, ctk, ctv, ub, fa, kvu, engine, margin },
    machine,
  })
}

function useEscape(close: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented && !document.querySelector('[role="dialog"]')) close()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  })
}
