import { readLabelSelector } from '@berth/core'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { readEnvironment } from '../env.ts'
import { Failure, printable } from '../failure.ts'

/** A server that is slower than this does not answer; an export of a thousand machines takes a second. */
const ANSWER_MS = 60_000

export interface ServerOptions {
  readonly url?: string
}

export const serverOption = new Option('--url <url>', 'address of a Berth server; BERTH_URL where it is left out')

type Parameters = readonly (readonly [name: string, value: string])[]

/** What the server says to a question of its REST API, or to a body sent; an answer that is none ends the command. */
export async function askServer(
  { url }: ServerOptions,
  path: string,
  parameters: Parameters,
  body?: object,
): Promise<Response> {
  const address = addressOf(url ?? readEnvironment().url, path)
  address.search = new URLSearchParams(parameters.map(([name, value]): [string, string] => [name, value])).toString()
  const sent = body && {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }
  const options = { ...sent, signal: AbortSignal.timeout(ANSWER_MS), redirect: 'error' } as const
  const answer = await fetch(address, options).catch((error: unknown) => {
    throw new Failure(`--url: ${printable(address.origin)} does not answer: ${printable(reasonOf(error))}`)
  })
  if (answer.ok) return answer
  throw new Failure(printable(await problemOf(answer), 400))
}

/** @throws {Failure} where the answer is no JSON object. */
export async function readAnswer(answer: Response): Promise<object> {
  const value: unknown = await answer.json().catch(() => undefined)
  if (typeof value === 'object' && value !== null) return value
  throw new Failure('--url: the server answers, and not as Berth does')
}

/** @throws {Failure} where the answer is no page of a list: whoever listens there is no Berth. */
export async function readPage(
  answer: Response,
): Promise<{ readonly items: readonly unknown[]; readonly nextCursor: string | null }> {
  const page = await readAnswer(answer)
  if ('items' in page && Array.isArray(page.items)) {
    const cursor = 'nextCursor' in page && typeof page.nextCursor === 'string' ? page.nextCursor : null
    return { items: page.items, nextCursor: cursor }
  }
  throw new Failure('--url: the server answers, and not as Berth does')
}

function addressOf(url: string | undefined, path: string): URL {
  if (!url) throw new Failure('--url is missing: name the server, or set BERTH_URL')
  const base = URL.canParse(url) ? new URL(url) : undefined
  if (base === undefined || !/^https?:$/.test(base.protocol)) {
    throw new Failure(`--url: ${printable(url)} is no http or https address`)
  }
  return new URL(`${base.pathname.replace(/\/+$/, '')}/api/v1${path}`, base)
}

/** `fetch` says only that it failed; what failed is its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return `not within ${ANSWER_MS / 1000} s`
  return error.cause instanceof Error ? error.cause.message || String(error.cause) : error.message
}

/** The sentence of the API's problem; another server has none. */
async function problemOf(answer: Response): Promise<string> {
  const text = await answer.text().catch(() => '')
  try {
    const problem: unknown = JSON.parse(text)
    if (typeof problem === 'object' && problem !== null && 'detail' in problem) return String(problem.detail)
  } catch {
    // What is no JSON is said by its status below.
  }
  return `--url: the server answers ${answer.status} and not as Berth does`
}

export interface FilterOptions extends ServerOptions {
  readonly text?: string
  readonly site?: readonly string[]
  readonly owner?: readonly string[]
  readonly gpu?: readonly string[]
  readonly gpus?: readonly string[]
  readonly state?: readonly string[]
  readonly label?: readonly string[]
  readonly free?: number
  readonly freeOnOne?: number
}

const several = (value: string, before: readonly string[] | undefined): readonly string[] => [...(before ?? []), value]

const selectors = (value: string, before: readonly string[] | undefined): readonly string[] => {
  if (readLabelSelector(value) === undefined) {
    throw new InvalidArgumentError('It must be a selector as in Kubernetes: key, !key, key=value or key!=value.')
  }
  return several(value, before)
}

/** GiB on the command line, bytes to the server. */
function gibibytesOf(text: string): number {
  const size = Number(text)
  if (!/^\d{1,6}(?:\.\d{1,3})?$/.test(text)) throw new InvalidArgumentError('It must be a number of GiB.')
  return Math.round(size * 1024 ** 3)
}

/** Adds the server, and what its machines are chosen by; an option that may be given several times means any of them. */
export function addFilterOptions(command: Command): Command {
  const repeated = (flags: string, description: string, parse = several) =>
    new Option(flags, description).argParser(parse)
  const options = [
    serverOption,
    new Option('--text <words>', 'words that all must be in name, GPUs, site, team or labels'),
    repeated('--site <name>', 'where it stands; "" for machines without a site'),
    repeated('--owner <name>', 'the team that looks after it; "" for none'),
    repeated('--gpu <name>', 'the full name of one of its GPUs'),
    repeated('--gpus <count>', 'how many GPUs it has'),
    repeated('--state <state>', 'ready, maintenance, gpus-missing, not-measured or sample'),
    repeated('--label <selector>', 'key, !key, key=value or key!=value; all of them must hold', selectors),
    new Option('--free <GiB>', 'free on all its GPUs when measured, at least').argParser(gibibytesOf),
    new Option('--free-on-one <GiB>', 'free on one of its GPUs when measured, at least').argParser(gibibytesOf),
  ]
  for (const option of options) command.addOption(option)
  return command
}

/** As the API names them. */
export function filterParameters(options: FilterOptions): Parameters {
  const { text, site, owner, gpu, gpus, state, label, free, freeOnOne } = options
  const lists = { site, owner, gpu, gpuCount: gpus, state, label }
  const single = { text, freeMin: free, freeOnOneMin: freeOnOne }
  return [
    ...Object.entries(lists).flatMap(([name, values]) => (values ?? []).map((value) => [name, value] as const)),
    ...Object.entries(single).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)] as const])),
  ]
}
