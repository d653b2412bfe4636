import type { AppRouter } from '@berth/api'
import { createTRPCClient, httpBatchLink, isTRPCClientError, type TRPCClient } from '@trpc/client'
import { headers } from 'next/headers'
import { notFound } from 'next/navigation'
import { apiUrl } from '../env.ts'

/** Headers of the visitor's request that the API needs to know who asks and to tie log lines together. */
const FORWARDED = ['authorization', 'cookie', 'x-request-id'] as const

export type Api = TRPCClient<AppRouter>

/**
 * Asks the API over loopback and in the visitor's name. The client is made anew each time: one for all would batch what
 * two visitors ask at the same moment, under the headers of one. What does not exist becomes the page's not-found state.
 */
export async function load<Answer>(ask: (api: Api) => Promise<Answer>): Promise<Answer> {
  const incoming = await headers()
  const forwarded = FORWARDED.flatMap((name) => (incoming.has(name) ? [[name, incoming.get(name) ?? '']] : []))
  const link = httpBatchLink({ url: `${apiUrl()}/trpc`, headers: Object.fromEntries(forwarded) })
  try {
    return await ask(createTRPCClient<AppRouter>({ links: [link] }))
  } catch (error) {
    if (isTRPCClientError<AppRouter>(error) && error.data?.httpStatus === 404) notFound()
    throw error
  }
}
