'use client'

import { Button } from '@berth/ui/button'
import { Callout } from '@berth/ui/callout'
import { useMutation } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { toast } from 'sonner'
import { When } from '../shell/when.tsx'
import { useTRPC } from '../../trpc/client.tsx'
import { FailureCallout } from '../../trpc/failure-callout.tsx'
import type { MachineDetail } from '../../trpc/types.ts'

/** GPUs that the last import did not show: kept, and left out of plans, until a person forgets them. */
export function MissingDevices({ machine }: { readonly machine: Pick<MachineDetail, 'id' | 'missingDevices'> }) {
  const trpc = useTRPC()
  const router = useRouter()
  const { id, missingDevices: missing } = machine
  const forget = useMutation(
    trpc.machines.removeDevice.mutationOptions({
      onSuccess: () => {
        toast.success('Forgot one GPU.')
        router.refresh()
      },
    }),
  )
  if (missing.length === 0) return null
  return (
    <>
      <Callout
        tone="warning"
        title={missing.length === 1 ? 'One GPU is missing' : `${missing.length} GPUs are missing`}
      >
        <p>
          The last import did not show what stands here, and plans leave it out. An import that shows it brings it back.
        </p>
        <ul aria-label="Missing GPUs" className="grid gap-1">
          {missing.map((device) => (
            <li key={device.id} className="flex flex-wrap items-center gap-x-2 gap-y-1">
              <span className="font-medium text-ink">{device.name}</span>
              <span>
                since <When time={device.missingSince} />
              </span>
              <Button
                size="sm"
                disabled={forget.isPending}
                aria-label={`Forget ${device.name}`}
                onClick={() => forget.mutate({ id, deviceId: device.id })}
              >
                Forget
              </Button>
            </li>
          ))}
        </ul>
      </Callout>
      {forget.error && <FailureCallout title="It was not forgotten." error={forget.error} />}
    </>
  )
}
