'use client'

import { explainOverride, figureWords } from '@berth/core'
import { Badge } from '@berth/ui/badge'
import { Button } from '@berth/ui/button'
import { FailureCallout } from '../../trpc/failure-callout.tsx'
import type { MachineDetail, OverrideView } from '../../trpc/types.ts'
import { When } from '../shell/when.tsx'
import { useSetOverrides } from './use-set-overrides.ts'

/** Every figure that somebody has set: what was read, why it is not believed, and the way back. */
export function OverrideList({
  machine,
}: {
  readonly machine: Pick<MachineDetail, 'id' | 'devices' | 'missingDevices' | 'overrides'>
}) {
  const change = useSetOverrides(() => {})
  const back = ({ deviceId, figure }: OverrideView) => change.mutate({ id: machine.id, remove: [{ deviceId, figure }] })
  return (
    <section aria-labelledby="set-by-hand" className="grid gap-2 rounded-md border border-line bg-sunken p-3 text-xs">
      <h3 id="set-by-hand" className="font-semibold">
        Set by hand
      </h3>
      <ul className="grid gap-3">
        {machine.overrides.map((override) => (
          <li
            key={`${override.deviceId} ${override.figure}`}
            className="flex flex-wrap items-start justify-between gap-x-4 gap-y-1.5"
          >
            <div className="grid min-w-0 flex-1 basis-56 gap-0.5">
              <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
                <span className="font-medium">
                  {subjectOf(override, machine)}
                  {figureWords[override.figure].term}
                </span>
                {override.hidesNewer && <Badge tone="tight">hides a newer reading</Badge>}
                {!override.inForce && <Badge>the GPU is missing</Badge>}
              </p>
              <p>{explainOverride(override, override.reading ?? undefined)}</p>
              <p className="break-words text-secondary">
                {override.reason} (<When time={override.setAt} />)
              </p>
            </div>
            <Button size="sm" disabled={change.isPending} onClick={() => back(override)}>
              Use what was read
            </Button>
          </li>
        ))}
      </ul>
      {change.error && <FailureCallout title="It was not changed." error={change.error} />}
    </section>
  )
}

function subjectOf(
  { deviceId }: OverrideView,
  { devices, missingDevices }: Pick<MachineDetail, 'devices' | 'missingDevices'>,
): string {
  if (deviceId === null) return ''
  const device = devices.find(({ id }) => id === deviceId)
  if (device) return `GPU ${device.index}: `
  return `${missingDevices.find(({ id }) => id === deviceId)?.name ?? deviceId}: `
}
