import { listFiles } from '@huggingface/hub'
import { createGuardedFetch } from './guarded-fetch.ts'
import { hubBase } from './hub-address.ts'
import { isSourceError, SourceError } from './issue.ts'
import { MAX_LISTING_BYTES, MAX_LISTING_PAGES } from './limits.ts'
import { statusError } from './range-answer.ts'
import type { Fetch, Transport } from './transport.ts'

export interface Hub {
  readonly transport: Transport
  readonly endpoint: URL
  /** Goes to the hub's own origin and to no other. */
  readonly token: string | undefined
}

export interface HubListing {
  readonly repo: string
  readonly revision: string
  /** A folder of the repository; all of it if absent. */
  readonly path?: string | undefined
  readonly recursive: boolean
}

export const hubToken = (hub: Hub, url: URL): string | undefined =>
  url.origin === hub.endpoint.origin ? hub.token : undefined

/**
 * The paths of a repository's files, by `@huggingface/hub` over the guarded transport. Entries that are no files or
 * whose path leads elsewhere are left out.
 *
 * @throws SourceError `repo-not-found`, `repo-gated`, `bad-hub-answer`, and those of the connection
 */
export const listRepository = async (hub: Hub, listing: HubListing): Promise<readonly string[]> => {
  const { repo, revision, path, recursive } = listing
  const paths: string[] = []
  try {
    const entries: AsyncIterable<unknown> = listFiles({
      repo: { type: 'model', name: repo },
      revision: encodeURIComponent(revision),
      recursive,
      hubUrl: hubBase(hub.endpoint),
      fetch: listingFetch(hub, repo),
      ...(path !== undefined && { path: path.split('/').map(encodeURIComponent).join('/') }),
    })
    for await (const entry of entries) if (isFile(entry) && isPlain(entry.path)) paths.push(entry.path)
  } catch (error) {
    if (isSourceError(error)) throw error
    // The library takes a body apart without looking: what it trips over is not a list of files.
    throw badAnswer(repo, error instanceof SyntaxError ? 'it is not JSON' : 'it is not a list')
  }
  return paths
}

function listingFetch(hub: Hub, repo: string): Fetch {
  let pages = 0
  return createGuardedFetch({
    transport: hub.transport,
    tokenFor: (url) => hubToken(hub, url),
    maxBodyBytes: MAX_LISTING_BYTES,
    onRequest: () => {
      if (++pages > MAX_LISTING_PAGES) throw badAnswer(repo, `it has more than ${MAX_LISTING_PAGES} pages`)
    },
    onAnswer: (response, url) => {
      if (response.status === 200) return
      const error = statusError(response, { url, from: 0 })
      const absent = error.code === 'not-found' && hubCodeOf(response) !== 'EntryNotFound'
      throw absent
        ? new SourceError({ code: 'repo-not-found', repo }, { cause: error })
        : hubError(repo, error, response)
    },
    onBodyTooLong: () => badAnswer(repo, `it is longer than ${MAX_LISTING_BYTES} bytes`),
    onBodyBroken: () => badAnswer(repo, 'the connection closed early'),
  })
}

/**
 * What the hub means by a status: it answers 401 for a repository that does not exist when no token came along, and
 * says more in `X-Error-Code`.
 */
export const hubError = (repo: string, error: SourceError, response: Response): SourceError => {
  if (hubCodeOf(response) === 'RepoNotFound') return new SourceError({ code: 'repo-not-found', repo }, { cause: error })
  if (error.code !== 'unauthorized' && error.code !== 'forbidden') return error
  return new SourceError({ code: 'repo-gated', repo, status: response.status }, { cause: error })
}

const hubCodeOf = (response: Response): string | null => response.headers.get('x-error-code')

const badAnswer = (repo: string, problem: string): SourceError =>
  new SourceError({ code: 'bad-hub-answer', repo, problem })

const isFile = (entry: unknown): entry is { readonly path: string } =>
  typeof entry === 'object' &&
  entry !== null &&
  'type' in entry &&
  entry.type === 'file' &&
  'path' in entry &&
  typeof entry.path === 'string'

const isPlain = (path: string): boolean => path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
