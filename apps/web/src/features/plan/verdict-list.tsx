'use client'

import { leastHeadroom, explainReason, formatBytes, type Machine, type Placement, type Verdict } from '@berth/core'
import { cn } from '@berth/ui/cn'
import { commonScale } from '@berth/ui/segments'
import { Skeleton } from '@berth/ui/skeleton'
import { VerdictBadge } from '@berth/ui/verdict-badge'
import { useId } from 'react'
import { segmentsOf } from './memory-view.ts'
import { MiniBars } from './mini-bars.tsx'
import type { Entry } from './use-verdicts.ts'
import { devicesSummary, offersOf, verdictKind } from './verdict-view.ts'

/** Every machine with its answer, best first. Those that cannot host the model stay in the list, with every reason. */
export function VerdictList({
  entries,
  behind,
  selected,
  onSelect,
}: {
  readonly entries: readonly Entry[]
  readonly behind: boolean
  readonly selected: string | undefined
  readonly onSelect: (machine: string) => void
}) {
  const heading = useId()
  const able = entries.filter(({ judgement }) => judgement?.ok && judgement.verdict.fits).length
  return (
    <section
      aria-labelledby={heading}
      aria-busy={behind}
      className="grid content-start gap-2 xl:sticky xl:top-4 xl:-m-1 xl:max-h-[calc(100dvh-2rem)] xl:overflow-y-auto xl:p-1"
    >
      <div className="flex items-baseline justify-between">
        <h2 id={heading} className="text-sm font-semibold">
          Machines
        </h2>
        <p className="text-xs text-secondary" role="status">
          {behind ? 'Judging' : `${able} of ${entries.length} can host it`}
        </p>
      </div>
      <ul className="grid gap-2">
        {entries.map((entry) => (
          <li key={entry.machine.id} className="[contain-intrinsic-size:auto_7rem] [content-visibility:auto]">
            <VerdictItem entry={entry} selected={entry.machine.id === selected} onSelect={onSelect} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function VerdictItem({
  entry: { machine, judgement, current },
  selected,
  onSelect,
}: {
  readonly entry: Entry
  readonly selected: boolean
  readonly onSelect: (machine: string) => void
}) {
  const verdict = judgement?.ok ? judgement.verdict : undefined
  return (
    <div
      className={cn(
        'relative grid gap-2 rounded-lg border p-3 transition-[filter]',
        verdict && !verdict.fits ? 'bg-sunken' : 'bg-surface',
        selected ? 'border-accent ring-1 ring-accent' : 'border-line hover:border-line-strong',
        // Of what was asked before: without colour, yet as readable.
        judgement && !current && 'grayscale delay-150',
      )}
    >
      <div className="flex items-start justify-between gap-3">
        <button
          type="button"
          aria-pressed={selected}
          onClick={() => onSelect(machine.id)}
          className={cn(
            // The whole card is the target; its text stays readable on its own.
            'min-w-0 break-words rounded-sm text-left font-medium after:absolute after:inset-0 after:rounded-lg',
            verdict && !verdict.fits && 'text-secondary',
          )}
        >
          {machine.name}
        </button>
        {verdict && <VerdictBadge kind={verdictKind(verdict)} />}
      </div>
      <p className="text-xs text-secondary">{devicesSummary(machine) || 'No GPU'}</p>
      {verdict && <VerdictSummary verdict={verdict} machine={machine} />}
      {judgement?.ok === false && <p className="text-xs text-bad">It could not be judged: {judgement.message}</p>}
      {!judgement && <Skeleton className="h-9" />}
    </div>
  )
}

function VerdictSummary({ verdict, machine }: { readonly verdict: Verdict; readonly machine: Machine }) {
  const first = offersOf(verdict)[0]?.placement
  return (
    <>
      {first && <MiniBars bars={barsOf(first)} />}
      {verdict.fits ? (
        <p className="text-xs text-secondary tabular-nums">{headroomSentence(verdict.best)}</p>
      ) : (
        <ul className="grid gap-1 text-xs text-secondary">
          {verdict.reasons.map((reason) => {
            const sentence = explainReason(reason, machine)
            return (
              <li key={sentence} className="flex gap-1.5">
                <span aria-hidden className="text-bad">
                  ×
                </span>
                {sentence}
              </li>
            )
          })}
        </ul>
      )}
    </>
  )
}

function barsOf(placement: Placement) {
  const bars = placement.memory
    .flatMap((memory) => (memory.place.kind === 'device' ? [{ id: memory.place.device, ...memory }] : []))
    .map((memory) => ({ id: memory.id, capacity: memory.capacity, segments: segmentsOf(memory) }))
  return { scale: commonScale(bars), bars }
}

const headroomSentence = (placement: Placement): string =>
  `${formatBytes(leastHeadroom(placement))} to spare on the fullest GPU`
