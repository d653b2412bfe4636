'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTRPC } from '../../trpc/client.tsx'
import { failureCode } from '../../trpc/failure.ts'
import type { ReservedWhat, ReservationView } from '../../trpc/types.ts'
import { refusalOfDryRun, useDryRun } from './use-dry-run.ts'
import { firstWindow, localInput, readWindow, type WindowRead } from './window-inputs.ts'

const MINUTE_MS = 60_000

/** A dry run is of bytes and times; whose they are does not change its answer. */
const NOBODY = { owner: 'dry run', purpose: 'dry run' } as const

/** A reservation as it is being made: its fields, the live dry run of them, and the making. */
export function useReserve({
  what,
  now,
  suggestion,
  onReserved,
}: {
  /** Undefined while it cannot be said yet. */
  readonly what: ReservedWhat | undefined
  readonly now: number
  /** What it is for, where nothing is typed. */
  readonly suggestion: string
  readonly onReserved: (made: ReservationView) => void
}) {
  const trpc = useTRPC()
  const queries = useQueryClient()
  const [window, setWindow] = useState(() => firstWindow(now))
  const [owner, setOwner] = useState('')
  const [purpose, setPurpose] = useState('')
  const read = readWindow(window, now)
  const dryRun = useDryRun(what && read.ok ? { what, ...read.window, ...NOBODY } : undefined, (client, question) =>
    client.reservations.dryRun.mutate(question),
  )
  const create = useMutation(
    trpc.reservations.create.mutationOptions({
      onSuccess: async (made) => {
        await queries.invalidateQueries(trpc.reservations.pathFilter())
        onReserved(made)
      },
      // The answer below is of before: it is asked for again, and names what has come between.
      onError: () => void dryRun.again(),
    }),
  )
  const { answer } = dryRun
  const refusal = refusalOf({ what, read, owner, dryRun })
  return {
    fields: { window, owner, purpose },
    read,
    setWindow,
    setOwner,
    setPurpose,
    dryRun,
    /** The same length of time, from then on: from the next full minute, which is as fine as the field is. */
    beginAt: (moment: number) => {
      const at = Math.ceil(moment / MINUTE_MS) * MINUTE_MS
      const start = window.from === '' ? now : new Date(window.from).getTime()
      const until = localInput(new Date(window.until).getTime() - start + at)
      setWindow({ ...window, from: localInput(at), ...(!window.openEnded && { until }) })
    },
    stale: failureCode(create.error) === 'stale-index',
    error: create.error,
    pending: create.isPending,
    refusal,
    submit: () => {
      if (refusal !== undefined || !read.ok || what === undefined || answer === undefined) return
      create.mutate({
        what,
        ...read.window,
        owner: owner.trim(),
        purpose: purpose.trim() || suggestion,
        inventoryIndex: answer.inventoryIndex,
      })
    },
  }
}

/** Why it cannot be reserved yet; undefined when it can. */
function refusalOf({
  what,
  read,
  owner,
  dryRun,
}: {
  readonly what: ReservedWhat | undefined
  readonly read: WindowRead
  readonly owner: string
  readonly dryRun: Pick<ReturnType<typeof useDryRun>, 'answer' | 'pending'>
}): string | undefined {
  if (what === undefined) return 'Say first what to reserve.'
  if (!read.ok) return read.message
  if (owner.trim() === '') return 'Say first who it is for.'
  return refusalOfDryRun(dryRun)
}

export type Reserving = ReturnType<typeof useReserve>
