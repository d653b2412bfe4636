'use client'

import { gpuMemoryTotal } from '@berth/core'
import { Badge, type BadgeTone } from '@berth/ui/badge'
import { Button } from '@berth/ui/button'
import { ByteFigure } from '@berth/ui/byte-figure'
import { Callout } from '@berth/ui/callout'
import { Card, CardBody, CardHeader } from '@berth/ui/card'
import { useState } from 'react'
import type { MachinePreview } from '../../trpc/types.ts'
import { MessageField, messageInput } from '../history/message-field.tsx'
import { devicesSummary } from '../plan/verdict-view.ts'
import { DifferenceList } from './difference-list.tsx'

type PreviewedMachine = MachinePreview['machines'][number]
type Change = PreviewedMachine['change']

const changes = {
  new: { word: 'new', sign: '+', tone: 'good' },
  changed: { word: 'changed', sign: '±', tone: 'accent' },
  unchanged: { word: 'unchanged', sign: '=', tone: 'neutral' },
  'name-taken': { word: 'name taken', sign: '!', tone: 'bad' },
} as const satisfies Record<Change, { word: string; sign: string; tone: BadgeTone }>

/** What was read, as a difference to what is stored. */
export function ImportPreview({
  preview: { machines, sections, warnings },
  saving,
  onSave,
}: {
  readonly preview: MachinePreview
  readonly saving: boolean
  readonly onSave: (message: { readonly message?: string }) => void
}) {
  const [message, setMessage] = useState('')
  const taken = machines.filter(({ change }) => change === 'name-taken')
  const nothing = machines.every(({ change }) => change === 'unchanged')
  return (
    <Card aria-label="Preview">
      <CardHeader title={summary(machines)} description={sections.map(describeSection).join(' · ')} />
      <CardBody className="grid gap-4">
        {warnings.length > 0 && (
          <Callout tone="warning" title={warnings.length === 1 ? 'One remark' : `${warnings.length} remarks`}>
            <ul className="grid gap-1">
              {warnings.map(({ code, message }) => (
                <li key={`${code} ${message}`}>{message}</li>
              ))}
            </ul>
          </Callout>
        )}
        <ul className="grid gap-3">
          {machines.map((previewed) => (
            <li key={previewed.machine.id}>
              <PreviewItem previewed={previewed} />
            </li>
          ))}
        </ul>
        <div className="max-w-md">
          <MessageField value={message} onChange={setMessage} />
        </div>
        <Button
          variant="primary"
          className="justify-self-start"
          disabled={saving}
          disabledReason={
            taken.length > 0
              ? 'Another machine has this name, with other devices. Give it another name above, or rename the other one.'
              : undefined
          }
          onClick={() => onSave(messageInput(message))}
        >
          {saving ? 'Saving' : nothing ? 'Save as measured now' : 'Save'}
        </Button>
      </CardBody>
    </Card>
  )
}

function PreviewItem({
  previewed: { machine, change, existing, differences },
}: {
  readonly previewed: PreviewedMachine
}) {
  const { word, sign, tone } = changes[change]
  return (
    <div className="grid gap-2 rounded-md border border-line p-3">
      <div className="flex flex-wrap items-center gap-2">
        <Badge tone={tone}>
          <span aria-hidden>{sign}</span> {word}
        </Badge>
        <span className="font-medium">{machine.name}</span>
        {existing && existing.name !== machine.name && (
          <span className="text-secondary">stored as {existing.name}</span>
        )}
      </div>
      <p className="text-xs text-secondary">
        {devicesSummary(machine) || 'No GPU'} · <ByteFigure bytes={gpuMemoryTotal(machine)} />
      </p>
      {differences.length > 0 && <DifferenceList differences={differences} />}
    </div>
  )
}

function summary(machines: readonly PreviewedMachine[]): string {
  const counts = Object.entries(changes)
    .map(([change, { word }]) => ({ word, count: machines.filter((machine) => machine.change === change).length }))
    .filter(({ count }) => count > 0)
    .map(({ word, count }) => `${count} ${word}`)
  return counts.length > 0 ? counts.join(', ') : 'No machine was found in it'
}

const describeSection = ({ title, firstLine, lastLine, hostName }: MachinePreview['sections'][number]): string =>
  `${firstLine === lastLine ? `line ${firstLine}` : `lines ${firstLine}–${lastLine}`}: ${title}${hostName ? ` of ${hostName}` : ''}`
