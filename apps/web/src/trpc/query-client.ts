import { QueryClient } from '@tanstack/react-query'
import { isTRPCClientError } from '@trpc/client'

/** What has just been fetched is not fetched again at every mount. */
const STALE_AFTER_MS = 30_000

const MAX_RETRIES = 2

export const makeQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: { staleTime: STALE_AFTER_MS, retry: (failures, error) => !isAnswer(error) && failures < MAX_RETRIES },
    },
  })

/** An answer of the API, as "not found", stays the same when asked again; a broken connection may not. */
const isAnswer = (error: unknown): boolean =>
  isTRPCClientError(error) && error.data !== undefined && error.data !== null
