import { availableParallelism } from 'node:os'
import { cancellable, newFlag } from '../cancellable.ts'
import { ApiError } from '../errors.ts'
import { startThreads } from '../threads.ts'
import type { CellsQuestion, Job, NamedFile, Result, SurveyQuestion } from './question.ts'
import type { ExactCellView, MatrixRow } from './schema.ts'

export interface MatrixPoolOptions {
  /** The worker's bundle. */
  readonly script: string
  readonly lanes?: number
  readonly limitMs?: number
  readonly queue?: number
}

/** A file as a lane is chosen for it: all files of a model go to one, where their replays are shared. */
export interface SurveyFile {
  readonly key: string
  readonly lane: string
}

type Given = NonNullable<NamedFile['given']>
/** Reads what a lane does not know yet. */
export type Give = (keys: readonly string[]) => Promise<ReadonlyMap<string, Given>>

export interface MatrixPool {
  /** A row a file, in their order. */
  readonly survey: (
    question: Omit<SurveyQuestion, 'files'>,
    files: { readonly files: readonly SurveyFile[]; readonly give: Give },
    signal?: AbortSignal,
  ) => Promise<readonly MatrixRow[]>
  readonly cells: (
    question: Omit<CellsQuestion, 'file'>,
    file: { readonly file: SurveyFile; readonly give: Give },
    signal?: AbortSignal,
  ) => Promise<readonly ExactCellView[]>
  readonly close: () => Promise<void>
}

/** They work in bursts below a second; the thread that serves requests is woken before they are done. */
const LANES = Math.max(1, Math.min(4, availableParallelism()))
const LIMIT_MS = 60_000
const QUEUE = 32
const TOO_MUCH = {
  memory: 'The survey took more memory than there is for it. Name fewer models.',
  time: (seconds: number) => `The survey took longer than ${seconds} s. Name fewer models or machines.`,
}

/** Threads that survey files, each always the same ones: what it has described and replayed, it finds again. */
export function createMatrixPool({ script, ...options }: MatrixPoolOptions): MatrixPool {
  const { lanes: count = LANES, limitMs = LIMIT_MS, queue = QUEUE } = options
  const lanes = Array.from({ length: count }, () =>
    startThreads<Job, Result>({ script, threads: 1, tooMuch: TOO_MUCH }),
  )
  const laneOf = ({ lane }: SurveyFile) => lanes[hashOf(lane) % count]!

  async function inLane(
    lane: (typeof lanes)[number],
    { files, give }: { readonly files: readonly SurveyFile[]; readonly give: Give },
    jobOf: (named: readonly NamedFile[]) => Job,
  ): Promise<Result> {
    if (lane.waiting() >= queue) throw new ApiError('busy', 'Too many surveys are under way.', { retryAfterSeconds: 5 })
    const keys = files.map(({ key }) => key)
    const lacking = (await lane.run({ kind: 'lacking', keys, cancelled: newFlag() }, { limitMs })) as readonly string[]
    const given = lacking.length > 0 ? await give(lacking) : new Map<string, Given>()
    const named = keys.map((key): NamedFile => {
      const file = given.get(key)
      return file ? { key, given: file } : { key }
    })
    return lane.run(jobOf(named), { limitMs })
  }

  return {
    survey: async (question, { files, give }, signal) => {
      const rows: MatrixRow[] = []
      await cancellable(signal, (cancelled) =>
        Promise.all(
          lanes.map(async (lane) => {
            const own = files.flatMap((file, at) => (laneOf(file) === lane ? [{ file, at }] : []))
            if (own.length === 0) return
            const asked = { files: own.map(({ file }) => file), give }
            const found = await inLane(lane, asked, (named) => ({
              ...{ kind: 'survey', question: { ...question, files: named }, cancelled },
            }))
            own.forEach(({ at }, position) => (rows[at] = (found as readonly MatrixRow[])[position]!))
          }),
        ),
      )
      return rows
    },
    cells: (question, { file, give }, signal) =>
      cancellable(signal, async (cancelled) => {
        const cells = await inLane(laneOf(file), { files: [file], give }, ([named]) => ({
          ...{ kind: 'cells', question: { ...question, file: named! }, cancelled },
        }))
        return cells as readonly ExactCellView[]
      }),
    close: async () => void (await Promise.all(lanes.map(({ close }) => close()))),
  }
}

/** Spreads names evenly, the same way every time. */
const hashOf = (text: string): number => [...text].reduce((hash, sign) => (hash * 31 + sign.codePointAt(0)!) >>> 0, 7)
