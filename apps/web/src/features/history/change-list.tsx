'use client'

import { Badge, type BadgeTone } from '@berth/ui/badge'
import { Button } from '@berth/ui/button'
import { useQueryClient } from '@tanstack/react-query'
import Link from 'next/link'
import { useState } from 'react'
import { paths } from '../../paths.ts'
import { useTRPC } from '../../trpc/client.tsx'
import { FailureCallout } from '../../trpc/failure-callout.tsx'
import type { ChangePage, ChangeView } from '../../trpc/types.ts'
import { DifferenceList } from '../machine/difference-list.tsx'
import { When } from '../shell/when.tsx'
import { actionWords, sourceWords } from './change-words.ts'

/** Changes, the newest first; older ones are fetched when they are asked for. */
export function ChangeList({
  first,
  limit,
  machineId,
}: {
  /** The page that the server has fetched. */
  readonly first: ChangePage
  readonly limit: number
  /** Of this machine alone, whose name is then not repeated. */
  readonly machineId?: string
}) {
  const { pages, failure, loading, more } = useOlder(first, { limit, ...(machineId !== undefined && { machineId }) })
  return (
    <div className="grid gap-4">
      <ol className="grid">
        {pages
          .flatMap(({ items }) => items)
          .map((change) => (
            <ChangeItem key={change.id} change={change} named={machineId === undefined} />
          ))}
      </ol>
      {failure !== undefined && <FailureCallout title="No more could be shown." error={failure} />}
      {more && (
        <Button size="sm" className="justify-self-start" disabled={loading} onClick={() => void more()}>
          {loading ? 'Loading' : 'Show more'}
        </Button>
      )}
    </div>
  )
}

function useOlder(first: ChangePage, input: { readonly limit: number; readonly machineId?: string }) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const [older, setOlder] = useState<readonly ChangePage[]>([])
  const [loading, setLoading] = useState(false)
  const [failure, setFailure] = useState<unknown>()
  const pages = [first, ...older]
  const cursor = pages.at(-1)?.nextCursor ?? undefined
  const more = async () => {
    setLoading(true)
    setFailure(undefined)
    try {
      const page = await client.fetchQuery(trpc.history.list.queryOptions({ ...input, ...(cursor && { cursor }) }))
      setOlder([...older, page])
    } catch (error) {
      setFailure(error)
    } finally {
      setLoading(false)
    }
  }
  return { pages, failure, loading, more: cursor === undefined ? undefined : more }
}

const tones: Partial<Record<ChangeView['action'], BadgeTone>> = {
  created: 'good',
  overridden: 'accent',
  removed: 'bad',
}

function ChangeItem({ change, named }: { readonly change: ChangeView; readonly named: boolean }) {
  const { action, source, message, differences, differencesOmitted, createdAt } = change
  return (
    <li className="grid gap-1.5 border-b border-line py-3 first:pt-0 last:border-0 last:pb-0">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm">
        <Badge tone={tones[action] ?? 'neutral'}>{actionWords[action]}</Badge>{' '}
        {named && <MachineName change={change} />}{' '}
        <span className="text-xs text-secondary">
          <When time={createdAt} /> {sourceWords(source)}
        </span>
      </p>
      {message !== null && <p className="max-w-prose break-words text-sm">“{message}”</p>}
      <DifferenceList differences={differences} />
      {differencesOmitted > 0 && (
        <p className="text-xs text-tertiary">and {differencesOmitted} more, which are not kept</p>
      )}
    </li>
  )
}

function MachineName({ change: { machineId, machineName, machineRemoved } }: { readonly change: ChangeView }) {
  const to = machineRemoved ? paths.history(machineId) : paths.machine(machineId)
  return (
    <Link href={to} className="min-w-0 break-words font-medium hover:underline">
      {machineName}
    </Link>
  )
}
