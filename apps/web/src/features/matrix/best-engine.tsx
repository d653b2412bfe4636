'use client'

import { type Bytes, formatSpeed } from '@berth/core'
import { cellWords } from '@berth/ui/headroom-words'
import { useQuery } from '@tanstack/react-query'
import { alone, useTRPCClient } from '../../trpc/client.tsx'
import { exactCell } from './matrix-table.ts'
import type { SurveyFile, SurveyInput } from './survey.ts'

/** Which engine of all would do best with the file there, in the same use. */
export function BestEngine({
  file,
  machine,
  smallestDevice,
  input: { request, memory },
}: {
  readonly file: SurveyFile
  readonly machine: string
  /** Of its GPUs. */
  readonly smallestDevice: Bytes
  readonly input: SurveyInput
}) {
  const api = useTRPCClient()
  const asked = { model: file.ref, machineIds: [machine], request, memory }
  const { data } = useQuery({
    queryKey: ['best-engine', asked],
    queryFn: ({ signal }) => api.fleet.cells.mutate(asked, { signal, context: alone }),
  })
  const [best] = data?.cells ?? []
  return (
    <section aria-label="Best engine" className="grid gap-0.5 border-t border-line pt-3 text-xs text-secondary">
      <h3 className="font-medium">Best of all engines</h3>
      {best ? (
        <p>
          <span className="text-ink">
            {best.engine} {best.engineVersion}
          </span>
          : {cellWords(exactCell(best, smallestDevice))}
          {best.generation && `, ${formatSpeed(best.generation)}`}
        </p>
      ) : (
        <p role="status">Planning with each of them</p>
      )}
    </section>
  )
}
