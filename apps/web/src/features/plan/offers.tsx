'use client'

import { explainCost, explainElsewhere, leastHeadroom, explainRemedy, formatBytes, type Machine } from '@berth/core'
import { Button } from '@berth/ui/button'
import { cn } from '@berth/ui/cn'
import { changeOf } from './apply-remedy.ts'
import type { PlanInputs } from './plan-inputs.ts'
import { type Offer, placeName } from './verdict-view.ts'

/** The other placements of a machine that can host the model. One is shown at a time; the choice is in the address. */
export function Alternatives({
  offers,
  shown,
  machine,
  onShow,
}: {
  readonly offers: readonly Offer[]
  readonly shown: number
  readonly machine: Machine
  readonly onShow: (index: number) => void
}) {
  return (
    <ul className="grid gap-1.5">
      {offers.map((offer, index) => (
        <li key={splitSentence(offer, machine)}>
          <button
            type="button"
            aria-pressed={index === shown}
            onClick={() => onShow(index)}
            className={cn(
              'flex w-full flex-wrap items-baseline justify-between gap-x-4 gap-y-0.5 rounded-md border px-3 py-2 text-left text-xs',
              index === shown ? 'border-accent ring-1 ring-accent' : 'border-line hover:border-line-strong',
            )}
          >
            <span className="tabular-nums">
              {splitSentence(offer, machine)}
              {index === 0 && <span className="ml-2 text-tertiary">best</span>}
            </span>
            <span className="text-secondary tabular-nums">
              {formatBytes(leastHeadroom(offer.placement))} to spare on the fullest GPU
            </span>
          </button>
        </li>
      ))}
    </ul>
  )
}

/** What would make it fit, each verified by planning with it: a click makes the change. */
export function Remedies({
  offers,
  elsewhere,
  onChange,
}: {
  readonly offers: readonly Offer[]
  /** Machines that can host it as asked, best first. */
  readonly elsewhere: readonly Machine[]
  readonly onChange: (change: Partial<PlanInputs>) => void
}) {
  const instead = explainElsewhere(elsewhere.map(({ name }) => name))
  return (
    <ul className="grid gap-1.5">
      {offers.map((offer, index) => {
        if (offer.origin !== 'remedy') return null
        const change = changeOf(offer.remedy)
        const sentence = explainRemedy(offer.remedy)
        return (
          <li
            key={sentence}
            className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 rounded-md border border-line px-3 py-2"
          >
            <span className="min-w-0 flex-1 text-xs">
              {sentence} <span className="text-tertiary">{explainCost(offer.cost)}</span>
            </span>
            {(change !== undefined || offer.remedy.code !== 'smaller-file') && (
              <Button
                size="sm"
                onClick={() => onChange(change ?? { show: index })}
                aria-label={`${change ? 'Apply' : 'Show'}: ${sentence}`}
              >
                {change ? 'Apply' : 'Show'}
              </Button>
            )}
          </li>
        )
      })}
      {instead && elsewhere[0] && (
        <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 rounded-md border border-line px-3 py-2">
          <span className="min-w-0 flex-1 text-xs">{instead}</span>
          <Button size="sm" onClick={() => onChange({ machine: elsewhere[0]!.id, show: 0 })}>
            Open {elsewhere[0].name}
          </Button>
        </li>
      )}
    </ul>
  )
}

function splitSentence({ placement }: Offer, machine: Machine): string {
  const { devices, hostBlocks, expertsOnHost } = placement.split
  const parts = devices
    .filter(({ layers }) => layers > 0)
    .map(({ device, layers }) => `${placeName({ kind: 'device', device }, machine)}: ${layers} layers`)
  if (hostBlocks > 0) parts.push(`host: ${hostBlocks} blocks`)
  if (expertsOnHost > 0) parts.push(`experts of ${expertsOnHost} blocks on host`)
  return parts.join(', ')
}
