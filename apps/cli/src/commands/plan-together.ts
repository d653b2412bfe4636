import { completeMachine } from '@berth/catalogue'
import { type Engine, type JointVerdict, type Machine, planTogether } from '@berth/core'
import { type JointAnswer, launchOf } from '../answer.ts'
import { readEnvironment } from '../env.ts'
import { Failure } from '../failure.ts'
import { readFileEngine } from '../input/engine.ts'
import { pickMachines, readMachines } from '../input/machines.ts'
import { type FileRead, readFileFrom } from '../input/model.ts'
import { toRequest } from '../options.ts'
import { jointLines } from '../output/together-text.ts'
import { nothingUsed, objectiveOf, type PlanOptions } from './plan-options.ts'

/** More are placed one after the other in one order only; the API takes no more either. */
const MAX_MODELS = 8

/** `berth plan --model A --also B`: all of them on one machine at the same time. */
export async function planAll(options: PlanOptions): Promise<void> {
  if (options.also.length >= MAX_MODELS) throw new Failure(`--also: ${MAX_MODELS} models at most are planned together`)
  if (options.as) throw new Failure('--as: one model at a time; leave --also out')
  if (options.solve) throw new Failure('--solve: one model at a time; leave --also out')
  if (objectiveOf(options) !== 'headroom')
    throw new Failure('--objective: models planned together are given most headroom')
  const { machines, warnings } = await readMachines({ path: options.machine, subject: '--machine' })
  const chosen = pickMachines(machines, options.machineName).map(completeMachine)
  const reads = [await readFileFrom(options.model, readEnvironment())]
  for (const address of options.also) reads.push(await readFileFrom(address, readEnvironment(), '--also'))
  for (const warning of warnings) console.error(`warning: ${warning}`)

  const engine = readFileEngine(options, '--also')
  const tenants = reads.map(({ model }) => ({ model, engine, request: toRequest(options) }))
  const answers = chosen.map((machine) => {
    const verdict = planTogether({ machine, tenants, ...(options.ignoreUsed && nothingUsed(machine)) })
    return answerOf({ machine, verdict, reads, engine })
  })
  const models = reads.map(({ model }) => model)
  console.log(options.json ? JSON.stringify(toJson(answers), null, 2) : jointLines(models, answers).join('\n'))
  process.exitCode = answers.some(({ verdict }) => verdict.fits) ? 0 : 2
}

interface AnswerInput {
  readonly machine: Machine
  readonly verdict: JointVerdict
  readonly reads: readonly FileRead[]
  readonly engine: Engine
}

function answerOf({ machine, verdict, reads, engine }: AnswerInput): JointAnswer {
  if (!verdict.fits) return { machine, verdict }
  const launches = verdict.placements.map((placement, at) =>
    launchOf({ placement, machine, engine, source: reads[at]!.source, position: at }),
  )
  return { machine, verdict, launches }
}

/** One machine: its verdict itself. Several: a list, each verdict under its machine's name. A model without room is null. */
function toJson(answers: readonly JointAnswer[]): unknown {
  const [only, ...rest] = answers.map(({ machine, verdict, launches }) => ({
    ...(answers.length > 1 && { machine: machine.name }),
    ...verdict,
    ...(launches && { launches }),
  }))
  return rest.length === 0 ? only : [only, ...rest]
}
