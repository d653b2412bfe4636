import { fileURLToPath } from 'node:url'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { catalogueHeader, catalogueModels } from '@berth/catalogue'
import {
  describeModel,
  distinctHardware,
  engines,
  gibibytes,
  type Model,
  plan,
  requestDefaults,
  type RunRequest,
  survey,
  type SurveyMemo,
  tokens,
} from '@berth/core'
import { madeLab } from './made-lab.ts'

/** The fleet matrix from nothing: every size in threads of its own, none of which has run a survey before. */
const SIZES = [
  { machines: 100, files: 100 },
  { machines: 1_000, files: 300 },
  { machines: 10_000, files: 1_000 },
] as const
/** A machine in so many is held by others in a way of its own: a hardware more to judge. */
const ONE_IN_USE_OF = 250
const THREADS = 2
/** Pairs that estimates leave open are planned as long as this is not over. */
const PLANNING_UNTIL_MS = 100

interface Asked {
  readonly machines: number
  readonly files: number
  readonly thread: number
}

interface Answered {
  readonly hardware: number
  readonly cells: Readonly<Record<string, number>>
  readonly groupedMs: number
  readonly describedMs: number
}

const engine = engines['llama.cpp']
const request = { ...requestDefaults, contextLength: tokens(8192) }

/** The files of a thread: all files of a model in one, so that their replays are shared. */
function filesOf({ files, thread }: Asked): readonly Model[] {
  const perModel = Math.ceil(files / catalogueModels.length)
  const chosen = catalogueModels.flatMap((entry) => entry.mixes.slice(0, perModel).map((mix) => ({ entry, mix })))
  const own = chosen.slice(0, files).filter(({ entry }) => catalogueModels.indexOf(entry) % THREADS === thread)
  return own.map(({ entry, mix }) => {
    const described = describeModel(catalogueHeader(entry, mix))
    if (!described.ok) throw new Error(`${entry.id} ${mix}: ${described.issue.code}`)
    return described.value
  })
}

function inThread(asked: Asked): void {
  const started = performance.now()
  const models = filesOf(asked)
  const describedMs = performance.now() - started
  const machines = madeLab(asked.machines, ONE_IN_USE_OF)
  globalThis.gc?.()
  const memo: SurveyMemo = { roles: new Map(), replays: new Map() }
  parentPort!.on('message', (asked: RunRequest) => {
    const begun = performance.now()
    const hardware = distinctHardware(machines).map(({ machine }) => machine)
    const groupedMs = performance.now() - begun
    const mayPlan = (): boolean => performance.now() - begun < PLANNING_UNTIL_MS
    const cells: Record<string, number> = {}
    for (const row of survey({ models, machines: hardware, engine, request: asked, mayPlan, memo })) {
      for (const { verdict, means } of row) {
        const key = verdict === 'open' ? 'open' : means
        cells[key] = (cells[key] ?? 0) + 1
      }
    }
    const answered: Answered = { hardware: hardware.length, cells, groupedMs, describedMs }
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    parentPort!.postMessage(answered)
  })
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  parentPort!.postMessage('ready')
}

const once = (worker: Worker): Promise<unknown> =>
  new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))

async function measure(size: (typeof SIZES)[number]): Promise<void> {
  const script = fileURLToPath(import.meta.url)
  const workers = Array.from(
    { length: THREADS },
    (_, thread) => new Worker(script, { workerData: { ...size, thread } satisfies Asked }),
  )
  await Promise.all(workers.map(once))
  const name = `${size.machines.toLocaleString('en')} machines x ${size.files.toLocaleString('en')} files`
  report(`${name}, from nothing`, size, await surveyed(workers, request))
  // As sliders move: what was replayed is of use to another margin, and none of it to another context.
  report(`${name}, another context`, size, await surveyed(workers, { ...request, contextLength: tokens(16384) }))
  report(`${name}, another margin`, size, await surveyed(workers, { ...request, margin: gibibytes(2) }))
  await Promise.all(workers.map((worker) => worker.terminate()))
}

interface Surveyed {
  readonly parts: readonly Answered[]
  readonly wallMs: number
  readonly processorMs: number
  readonly residentMiB: number
}

async function surveyed(workers: readonly Worker[], asked: RunRequest): Promise<Surveyed> {
  const [started, before] = [performance.now(), process.cpuUsage()]
  const answers = workers.map(once)
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  for (const worker of workers) worker.postMessage(asked)
  const parts = (await Promise.all(answers)) as readonly Answered[]
  const wallMs = performance.now() - started
  const { user, system } = process.cpuUsage(before)
  return { parts, wallMs, processorMs: (user + system) / 1000, residentMiB: process.memoryUsage.rss() / 2 ** 20 }
}

function report(
  name: string,
  size: (typeof SIZES)[number],
  { parts, wallMs, processorMs, residentMiB }: Surveyed,
): void {
  const sum = (of: (part: Answered) => number): number => parts.reduce((total, part) => total + of(part), 0)
  const hardware = parts[0]!.hardware
  const pairs = hardware * size.files
  const share = (means: string): string => `${((100 * sum((part) => part.cells[means] ?? 0)) / pairs).toFixed(2)} %`
  console.log(
    `${name}: ${wallMs.toFixed(0)} ms on ${THREADS} threads (${processorMs.toFixed(0)} ms of processor),`,
    `${residentMiB.toFixed(0)} MiB resident, ${hardware} distinct hardware,`,
    `${((1000 * wallMs) / pairs).toFixed(1)} us a pair, ${((1e6 * wallMs) / (size.machines * size.files)).toFixed(0)} ns a cell`,
  )
  console.log(
    `  cut ${share('cut')}, estimated ${share('estimated')}, planned ${share('planned')}, open ${share('open')};`,
    `of it grouping ${Math.max(...parts.map((part) => part.groupedMs)).toFixed(0)} ms;`,
    `before it describing ${Math.max(...parts.map((part) => part.describedMs)).toFixed(0)} ms`,
  )
}

/** What the same pairs cost planned one by one, and how often the survey says what the plan does. */
function compareWithPlans(): void {
  const models = filesOf({ machines: 0, files: 234, thread: 0 }).filter((_, at) => at % 5 === 0)
  const machines = distinctHardware(madeLab(60, 7)).map(({ machine }) => machine)
  const timed = <Value>(work: () => Value): { readonly value: Value; readonly ms: number } => {
    const started = performance.now()
    const value = work()
    return { value, ms: performance.now() - started }
  }
  const { value: rows, ms } = timed(() => [...survey({ models, machines, engine, request, mayPlan: () => false })])
  const plans = timed(() =>
    models.map((model) => machines.map((machine) => plan({ model, machine, engine, request }).fits)),
  )
  const cells = rows.flat()
  const fits = plans.value.flat()
  const told = cells.filter(({ verdict }) => verdict !== 'open').length
  const wrong = cells.filter(
    ({ verdict }, at) => verdict !== 'open' && (verdict === 'fits' || verdict === 'host') !== fits[at],
  ).length
  console.log(`${(ms / plans.ms).toFixed(4)}  of planning ${cells.length} pairs one by one, from nothing`)
  console.log(`${(wrong / told).toFixed(4)}  of ${told} pairs told otherwise than their plans`)
}

if (isMainThread) {
  for (const size of SIZES) await measure(size)
  compareWithPlans()
} else inThread(workerData as Asked)
