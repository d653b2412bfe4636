'use client'

import { engines, type Machine, type ModelSource, type Placement, toShell } from '@berth/core'
import { CodeBlock } from '@berth/ui/code-block'
import { Tabs, TabsContent, TabsList, TabsTrigger } from '@berth/ui/tabs'

const shells = [
  { id: 'posix', label: 'POSIX shell' },
  { id: 'powershell', label: 'PowerShell' },
] as const

/** The command that starts what the plan says, nothing of it left to the engine's own guess. */
export function PlacementCommand({
  placement,
  machine,
  source,
}: {
  readonly placement: Placement
  readonly machine: Machine
  readonly source: ModelSource
}) {
  const launch = engines[placement.engine].launch({ placement, machine, source })
  return (
    <Tabs defaultValue="posix">
      <TabsList aria-label="Shell">
        {shells.map(({ id, label }) => (
          <TabsTrigger key={id} value={id}>
            {label}
          </TabsTrigger>
        ))}
      </TabsList>
      {shells.map(({ id, label }) => (
        <TabsContent key={id} value={id}>
          <CodeBlock code={toShell(launch, id)} label={`Command for ${label}`} wrap />
        </TabsContent>
      ))}
    </Tabs>
  )
}
