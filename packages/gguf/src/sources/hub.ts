import { hubUrl, type Address } from '../address.ts'
import { GgufError, shown } from '../errors.ts'
import { MAX_LISTING_BYTES, MAX_LISTING_PAGES } from '../limits.ts'
import { chooseModel } from './hub-files.ts'
import { createPrefixBuffer } from './prefix-buffer.ts'
import { statusError } from './range-answer.ts'
import { CONNECTION_BROKE, type Answer, type Transport } from './transport.ts'

export interface Hub {
  readonly transport: Transport
  readonly endpoint: URL
  readonly token: string | undefined
}

type HubFile = Extract<Address, { kind: 'hub-file' }>
type HubQuant = Extract<Address, { kind: 'hub-quant' }>

const REVISION = 'main'

/**
 * Finds the file a quant stands for by the repository's file list.
 *
 * @throws GgufError `repo-not-found`, `repo-gated`, `bad-hub-answer`, those of `chooseModel` and of the connection
 */
export const resolveQuant = async (hub: Hub, { repo, quant }: HubQuant): Promise<HubFile> => {
  const paths = await listFiles(hub, repo)
  return { kind: 'hub-file', repo, revision: REVISION, path: chooseModel(paths, { repo, quant }) }
}

async function listFiles(hub: Hub, repo: string): Promise<readonly string[]> {
  const paths: string[] = []
  let page: URL | undefined = hubUrl(hub.endpoint, `api/models/${repo}/tree/${REVISION}?recursive=true`)
  for (let pages = 0; page !== undefined; pages++) {
    if (pages === MAX_LISTING_PAGES) throw badAnswer(repo, `it has more than ${MAX_LISTING_PAGES} pages`)
    const answer = await hub.transport.get({
      url: page,
      headers: { accept: 'application/json' },
      token: page.origin === hub.endpoint.origin ? hub.token : undefined,
    })
    try {
      const { response, origin } = answer
      if (response.status !== 200) {
        const error = statusError(response, { url: page, from: 0 })
        const absent = error.code === 'not-found' && hubCodeOf(response) !== 'EntryNotFound'
        throw absent
          ? new GgufError({ code: 'repo-not-found', repo }, { cause: error })
          : hubError(repo, error, response)
      }
      paths.push(...filesOf(repo, await readText(answer, repo)))
      page = nextPage(repo, response.headers.get('link'), origin.url)
    } finally {
      await answer.cancel()
    }
  }
  return paths
}

/**
 * What the hub means by a status: it answers 401 for a repository that does not exist when no token came along, and
 * says more in `X-Error-Code`.
 */
export const hubError = (repo: string, error: GgufError, response: Response): GgufError => {
  if (hubCodeOf(response) === 'RepoNotFound') return new GgufError({ code: 'repo-not-found', repo }, { cause: error })
  if (error.code !== 'unauthorized' && error.code !== 'forbidden') return error
  return new GgufError({ code: 'repo-gated', repo, status: response.status }, { cause: error })
}

const hubCodeOf = (response: Response): string | null => response.headers.get('x-error-code')

const badAnswer = (repo: string, problem: string): GgufError => new GgufError({ code: 'bad-hub-answer', repo, problem })

async function readText(answer: Answer, repo: string): Promise<string> {
  const buffer = createPrefixBuffer()
  try {
    for (let chunk = await answer.read(); chunk !== undefined; chunk = await answer.read()) {
      buffer.append(chunk)
      if (buffer.length() > MAX_LISTING_BYTES) throw badAnswer(repo, `it is longer than ${MAX_LISTING_BYTES} bytes`)
    }
  } catch (error) {
    throw error === CONNECTION_BROKE ? badAnswer(repo, 'the connection closed early') : error
  }
  return new TextDecoder().decode(buffer.bytes())
}

function filesOf(repo: string, text: string): readonly string[] {
  let entries: unknown
  try {
    entries = JSON.parse(text)
  } catch {
    throw badAnswer(repo, 'it is not JSON')
  }
  if (!Array.isArray(entries)) throw badAnswer(repo, 'it is not a list')
  return entries.flatMap((entry: unknown) => (isFile(entry) && isPlain(entry.path) ? [entry.path] : []))
}

const isFile = (entry: unknown): entry is { readonly path: string } =>
  typeof entry === 'object' &&
  entry !== null &&
  'type' in entry &&
  entry.type === 'file' &&
  'path' in entry &&
  typeof entry.path === 'string'

const isPlain = (path: string): boolean => path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')

/** `<https://…>; rel="next"` of a Link header. */
function nextPage(repo: string, link: string | null, from: URL): URL | undefined {
  const next = link?.split(',').find((part) => /;\s*rel="?next"?/i.test(part))
  if (next === undefined) return undefined
  const target = /<([^>]*)>/.exec(next)?.[1]
  if (target === undefined || !URL.canParse(target, from.href)) throw badAnswer(repo, `its next page is ${shown(next)}`)
  return new URL(target, from.href)
}
