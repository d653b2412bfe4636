'use client'

import { type LaunchFile, type Machine, type ModelSource, type Placement, type Start, startOf } from '@berth/core'
import { CodeBlock } from '@berth/ui/code-block'
import { Tabs, TabsContent, TabsList, TabsTrigger } from '@berth/ui/tabs'
import { engineOf } from './engine-choice.ts'

interface Sheet {
  readonly id: string
  readonly label: string
  readonly blocks: readonly { readonly title?: string; readonly label: string; readonly code: string }[]
}

/** What starts the plan, nothing of it left to the engine's own guess: as a command, and for what keeps it running. */
export function PlacementCommand({
  placement,
  machine,
  source,
}: {
  readonly placement: Placement
  readonly machine: Machine
  readonly source: ModelSource
}) {
  const { engine, engineVersion } = placement
  const sheets = sheetsOf(startOf(engineOf({ engine, engineVersion }), { placement, machine, source }))
  return (
    <Tabs defaultValue="posix">
      <TabsList aria-label="Form">
        {sheets.map(({ id, label }) => (
          <TabsTrigger key={id} value={id}>
            {label}
          </TabsTrigger>
        ))}
      </TabsList>
      {sheets.map(({ id, blocks }) => (
        <TabsContent key={id} value={id} className="grid gap-3">
          {blocks.map(({ title, label, code }) => (
            <div key={label} className="grid min-w-0 gap-1">
              {title && <h4 className="text-xs text-tertiary">{title}</h4>}
              <CodeBlock code={code} label={label} wrap />
            </div>
          ))}
        </TabsContent>
      ))}
    </Tabs>
  )
}

const formLabels = { compose: 'Compose', systemd: 'systemd', kubernetes: 'Kubernetes' } as const

const useLabels: Readonly<Record<LaunchFile['use'], string>> = {
  needed: 'To be there before it starts',
  instead: 'The same as a file',
  request: 'The same for one call to its API',
}

function sheetsOf(start: Start): readonly Sheet[] {
  const { files, afterwards, deployments } = start
  const fileBlock = ({ name, content, use }: LaunchFile) => ({
    title: `${name}: ${useLabels[use].toLowerCase()}`,
    label: name,
    code: content.trimEnd(),
  })
  const needed = files.filter(({ use }) => use === 'needed').map(fileBlock)
  const others = files.filter(({ use }) => use !== 'needed')
  const shell = (id: 'posix' | 'powershell', key: 'shell' | 'powershell', label: string): Sheet => ({
    id,
    label,
    blocks: [
      ...needed,
      { label: `Command for ${label}`, code: start[key], ...(needed.length > 0 && { title: 'Starts it' }) },
      ...(afterwards.length > 0
        ? [
            {
              title: 'Once it answers',
              label: `Afterwards in ${label}`,
              code: afterwards.map((command) => command[key]).join('\n'),
            },
          ]
        : []),
    ],
  })
  return [
    shell('posix', 'shell', 'POSIX shell'),
    shell('powershell', 'powershell', 'PowerShell'),
    ...others.map((file) => ({ id: file.name, label: file.name, blocks: [fileBlock(file)] })),
    ...deployments.map(({ form, name, content }) => ({
      id: form,
      label: formLabels[form],
      blocks: [{ title: name, label: name, code: content.trimEnd() }],
    })),
  ]
}
