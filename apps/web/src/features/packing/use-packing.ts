'use client'

import { useRef, useState } from 'react'
import { useTRPCClient } from '../../trpc/client.tsx'
import type { PackingInput, PackingView } from '../../trpc/types.ts'

/** What is under way, and what was answered last. */
export interface PackingState {
  readonly phase: 'idle' | 'greedy' | 'exact'
  readonly packing?: PackingView
  /** What the answer is to. */
  readonly asked?: PackingInput
  readonly error?: unknown
}

/** The greedy answer first and then the exact one in its place; a run that is cancelled leaves what there is. */
export function usePacking() {
  const client = useTRPCClient()
  const [state, setState] = useState<PackingState>({ phase: 'idle' })
  const running = useRef<AbortController>(undefined)

  const cancel = () => {
    running.current?.abort()
    setState((so) => ({ ...so, phase: 'idle' }))
  }
  const pack = async (asked: PackingInput) => {
    running.current?.abort()
    const own = new AbortController()
    running.current = own
    const { signal } = own
    const { seconds: _, ...problem } = asked
    setState({ phase: 'greedy', asked })
    try {
      const greedy = await client.packing.greedy.mutate(problem, { signal })
      if (signal.aborted) return
      setState({ phase: 'exact', packing: greedy, asked })
      const packing = await client.packing.solve.mutate(asked, { signal })
      if (!signal.aborted) setState({ phase: 'idle', packing, asked })
    } catch (error) {
      if (!signal.aborted) setState((so) => ({ ...so, phase: 'idle', error }))
    }
  }
  return { state, pack, cancel }
}
