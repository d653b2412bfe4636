'use client'

import { type EditGain, explainGain } from '@berth/core'
import { Badge, type BadgeTone } from '@berth/ui/badge'
import { Button } from '@berth/ui/button'
import { ByteFigure } from '@berth/ui/byte-figure'
import { Table, TableBody, TableCell, TableHead, TableHeading, TableRow, TableRowHeading } from '@berth/ui/table'
import Link from 'next/link'
import { useState } from 'react'
import type { MachineView, WhatIfResult } from '../../trpc/types.ts'
import { parameters } from '../model/model-figures.ts'
import { Context, Room, StandingBadge } from './answer.tsx'
import { type CapacityInputs, planPathOf } from './capacity-inputs.ts'

const tones = {
  'newly-on-gpus': 'good',
  'off-host': 'good',
  'newly-with-host': 'good',
  'more-context': 'good',
  'more-room': 'good',
  same: 'neutral',
  'less-room': 'tight',
  'less-context': 'tight',
  'needs-host': 'tight',
  lost: 'bad',
} as const satisfies Record<EditGain, BadgeTone>

/** It lies where it did, with as long a context. */
const slight: ReadonlySet<EditGain> = new Set(['more-room', 'same', 'less-room'])

/** What an edit changes, model by model; those that it leaves where they are show when they are asked for. */
export function WhatIfTable({
  results,
  inputs,
  machine,
  margin,
}: {
  readonly results: readonly WhatIfResult[]
  readonly inputs: CapacityInputs
  readonly machine: MachineView
  readonly margin: number
}) {
  const [all, setAll] = useState(false)
  const changed = results.filter(({ gain }) => !slight.has(gain))
  const shown = all ? results : changed
  return (
    <>
      {shown.length > 0 ? (
        <Table label="Models" cards>
          <TableHead>
            <TableRow>
              <TableHeading>Model</TableHeading>
              <TableHeading>Change</TableHeading>
              <TableHeading>As it is</TableHeading>
              <TableHeading>As it would be</TableHeading>
              <TableHeading numeric>Context of a user, on GPUs</TableHeading>
            </TableRow>
          </TableHead>
          <TableBody>
            {shown.map((result) => (
              <ModelRow
                key={JSON.stringify(result.file.model)}
                result={result}
                href={planPathOf(inputs, result.file.model, { machine: machine.id, margin })}
              />
            ))}
          </TableBody>
        </Table>
      ) : (
        <p className="px-4 py-4 text-sm text-secondary sm:px-5">It changes nothing for the models tried so far.</p>
      )}
      {changed.length < results.length && (
        <div className="px-4 pb-3 sm:px-5">
          <Button size="sm" variant="ghost" onClick={() => setAll(!all)}>
            {all ? 'Show what changes only' : `Show ${results.length - changed.length} that lie where they did`}
          </Button>
        </div>
      )}
    </>
  )
}

function ModelRow({ result, href }: { readonly result: WhatIfResult; readonly href: string }) {
  const { file, before, after, gain } = result
  return (
    <TableRow className="align-top">
      <TableRowHeading>
        <Link href={href} className="break-words text-accent hover:underline">
          {file.name}
        </Link>
        <span className="block text-xs font-normal text-secondary">
          {parameters(file.parameterCount)}, <ByteFigure bytes={file.weightBytes} focusable={false} />
        </span>
      </TableRowHeading>
      <TableCell data-label="Change">
        <Badge tone={tones[gain]}>{explainGain(gain)}</Badge>
      </TableCell>
      <TableCell data-label="As it is">
        <Standing standing={before} />
      </TableCell>
      <TableCell data-label="As it would be">
        <Standing standing={after} />
      </TableCell>
      <TableCell data-label="Context" numeric>
        {before.context?.perSlot === after.context?.perSlot ? (
          <Context standing={after} />
        ) : (
          <span className="inline-flex flex-wrap justify-end gap-x-1.5">
            <Context standing={before} />
            <span>to</span>
            <Context standing={after} />
          </span>
        )}
      </TableCell>
    </TableRow>
  )
}

const Standing = ({ standing }: { readonly standing: WhatIfResult['before'] }) => (
  <div className="grid justify-items-start gap-1">
    <StandingBadge on={standing.on} />
    <span className="text-xs text-secondary">
      <Room standing={standing} />
    </span>
  </div>
)
