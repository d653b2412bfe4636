'use client'

import { Button } from '@berth/ui/button'
import { cn } from '@berth/ui/cn'
import { Skeleton } from '@berth/ui/skeleton'
import { useCallback, useMemo } from 'react'
import { alone, useTRPCClient } from '../../trpc/client.tsx'
import { FailureCallout } from '../../trpc/failure-callout.tsx'
import { NoMatch } from '../fleet/list-parts.tsx'
import { CellDrawer } from './cell-drawer.tsx'
import { axesOf, type MatrixAxes } from './matrix-axes.ts'
import { MatrixBar, MatrixExport } from './matrix-bar.tsx'
import { MatrixGrid } from './matrix-grid.tsx'
import type { MatrixInputs } from './matrix-inputs.ts'
import { MatrixStatus } from './matrix-status.tsx'
import { correctedCounts, countsOf, type ExactCells, matrixTable, type MatrixTable } from './matrix-table.ts'
import { type Survey, type SurveyInput, surveyOf } from './survey.ts'
import { type FileWish, useExactCells } from './use-exact-cells.ts'
import { useSurvey } from './use-survey.ts'

export interface MatrixAnswersProps {
  readonly input: SurveyInput
  readonly inputs: MatrixInputs
  readonly onChange: (change: Partial<MatrixInputs>) => void
  readonly onClearFilter: () => void
}

/** All pairs at once, and what is in view of them exactly; one of them in full where it is open. */
export function MatrixAnswers({ input, inputs, onChange, onClearFilter }: MatrixAnswersProps) {
  const api = useTRPCClient()
  const surveying = useSurvey(input, async (asked, signal) =>
    surveyOf(await api.fleet.matrix.mutate(asked, { signal, context: alone })),
  )
  const { survey, key, behind, error, again, cancelled } = surveying
  const { exact, failed, want } = useExactCells(key, async ({ file, machineIds }, signal) => {
    const { engine, engineVersion, request, memory } = JSON.parse(key) as SurveyInput
    const asked = { model: file.ref, machineIds, engines: [{ engine, engineVersion }], request, memory }
    return (await api.fleet.cells.mutate(asked, { signal, context: alone })).cells
  })
  const onWant = useCallback((wishes: readonly FileWish[]) => want(behind ? [] : wishes), [want, behind])
  const shown = useShown(survey, exact, inputs)
  return (
    <>
      {error !== undefined && <Failed error={error} onAgain={again} />}
      <div className="flex flex-wrap items-end gap-3">
        {shown && <MatrixBar inputs={inputs} onChange={onChange} table={shown.table} />}
        <MatrixStatus surveying={surveying} counts={shown?.counts} failed={failed} />
        {shown && <MatrixExport table={shown.table} axes={shown.axes} />}
      </div>
      {!survey && error === undefined && !cancelled && <MatrixSkeleton />}
      {survey?.hardware.length === 0 && <NoMatch onClear={onClearFilter} />}
      {shown && shown.table.survey.hardware.length > 0 && (
        <div className={cn('grid items-start gap-4', shown.open && 'xl:grid-cols-[minmax(0,1fr)_22rem]')}>
          {shown.axes.rows.length > 0 ? (
            <MatrixGrid {...shown} open={shown.open?.pair} {...{ behind, inputs, onChange, onWant }} />
          ) : (
            <NothingShown onClear={() => onChange({ show: [] })} />
          )}
          {shown.open && <CellDrawer {...shown.open} input={input} inputs={inputs} onChange={onChange} />}
        </div>
      )}
    </>
  )
}

const nothing: ExactCells = new Map()

/** What is listed stands by the survey alone: figures that become exact later move no row. */
function useShown(survey: Survey | undefined, exact: ExactCells, inputs: MatrixInputs) {
  const { spare, rows, show, sort, by, order, turned, wide, file, on } = inputs
  const surveyed = useMemo(() => {
    if (!survey) return undefined
    const table = matrixTable(survey, nothing, spare)
    return { table, counts: countsOf(table) }
  }, [survey, spare])
  const axes = useMemo(
    (): MatrixAxes | undefined =>
      surveyed && axesOf(surveyed.table, surveyed.counts, { rows, show, sort, by, order, turned, wide }),
    [surveyed, rows, show, sort, by, order, turned, wide],
  )
  const known = useMemo(() => {
    if (!surveyed) return undefined
    const table = matrixTable(surveyed.table.survey, exact, spare)
    return { table, counts: correctedCounts(surveyed.counts, table, exact) }
  }, [surveyed, exact, spare])
  const open = useMemo(() => known && openCell(known.table, { file, on }), [known, file, on])
  return axes && known && { axes, ...known, open }
}

function openCell(table: MatrixTable, { file: key, on }: Pick<MatrixInputs, 'file' | 'on'>) {
  const { files, hardware } = table.survey
  const file = files.findIndex((one) => one.key === key)
  const place = hardware.findIndex(({ machines }) => machines.some(({ id }) => id === on))
  const own = hardware[place]
  const machine = own?.machines.find(({ id }) => id === on)
  return file === -1 || !own || !machine
    ? undefined
    : {
        ...{ file: files[file]!, machine, hardware: own, cell: table.at(file, place) },
        pair: { file, hardware: place },
      }
}

const Failed = ({ error, onAgain }: { readonly error: unknown; readonly onAgain: () => void }) => (
  <div className="grid gap-2">
    <FailureCallout title="The matrix could not be worked out." error={error} />
    <Button size="sm" className="justify-self-start" onClick={onAgain}>
      Try again
    </Button>
  </div>
)

const NothingShown = ({ onClear }: { readonly onClear: () => void }) => (
  <div className="grid justify-items-center gap-3 rounded-lg border border-line bg-surface p-8 text-center text-secondary">
    <p>No model on any machine is of the verdicts that are chosen.</p>
    <Button onClick={onClear}>Show all</Button>
  </div>
)

const MatrixSkeleton = () => (
  <div aria-hidden className="grid gap-2 rounded-lg border border-line bg-surface p-4">
    <Skeleton className="h-16" />
    {Array.from({ length: 8 }, (_, row) => (
      <Skeleton key={row} className="h-8" />
    ))}
  </div>
)
