import type { AppRouter } from '@berth/api'
import { createTRPCClient, httpBatchLink, isTRPCClientError } from '@trpc/client'
import { headers } from 'next/headers'
import { notFound } from 'next/navigation'
import { apiUrl } from '../env.ts'

/** Headers of the visitor's request that the API needs to know who asks and to tie log lines together. */
const FORWARDED = ['authorization', 'cookie', 'x-request-id'] as const

/** The API as server components reach it, over loopback and in the visitor's name. */
export const api = createTRPCClient<AppRouter>({
  links: [
    httpBatchLink({
      url: `${apiUrl()}/trpc`,
      headers: async () => {
        const incoming = await headers()
        return Object.fromEntries(
          FORWARDED.flatMap((name) => (incoming.has(name) ? [[name, incoming.get(name) ?? '']] : [])),
        )
      },
    }),
  ],
})

/** Awaits an answer of the API; what does not exist becomes the page's not-found state. */
export async function load<Answer>(asked: Promise<Answer>): Promise<Answer> {
  try {
    return await asked
  } catch (error) {
    if (isTRPCClientError<AppRouter>(error) && error.data?.httpStatus === 404) notFound()
    throw error
  }
}
