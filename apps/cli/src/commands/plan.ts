import { completeMachine } from '@berth/catalogue'
import {
  bytes,
  type Engine,
  type EngineId,
  engines,
  estimateSpeed,
  explainSpeed,
  type Machine,
  plan,
  type PreferenceId,
  preferences,
  toShell,
  type Verdict,
} from '@berth/core'
import { type Command, Option } from 'commander'
import type { Answer } from '../answer.ts'
import { readEnvironment } from '../env.ts'
import { pickMachines, readMachines } from '../input/machines.ts'
import { type ModelRead, readModelFrom } from '../input/model.ts'
import { addRequestOptions, type RequestOptions, toRequest } from '../options.ts'
import { planLines } from '../output/plan-text.ts'

interface PlanOptions extends RequestOptions {
  readonly machine: string
  readonly machineName?: string
  readonly model: string
  readonly engine: EngineId
  readonly prefer: PreferenceId
  readonly ignoreUsed?: true
  readonly json?: true
}

const help = `
A model is one of
  catalogue:<id>:<mix>        a model of the built-in catalogue (see \`berth models\`)
  ./model.gguf                a file; of a split one, any part
  https://…/model.gguf        a URL; only the header is read
  hf:org/repo/model.gguf      a file on a Hugging Face hub
  org/repo:Q4_K_M             a quantization on a hub (HF_ENDPOINT and HF_TOKEN are honoured)

Exit code: 0 it fits (on at least one machine), 2 it does not, 1 something is wrong.

Examples:
  nvidia-smi -q -x | berth plan --machine - --model catalogue:llama-3.3-70b:Q4_K_M --ctx 8192
  berth plan --machine lab-1.json --model ./model.gguf --ctx 32768 --ctk q8_0 --ctv q8_0 --json`

/** `berth plan`: a model and a machine in, a verdict and its command out; nothing is sent anywhere. */
export function addPlan(program: Command): void {
  const command = program
    .command('plan')
    .description('say whether a model fits a machine, how it is split, and what starts it')
    .requiredOption(
      '--machine <file>',
      'output of a tool that lists GPUs, or JSON of `berth import`; - for standard input',
    )
    .option('--machine-name <name>', 'plan for this machine only, where the file holds several')
    .requiredOption('--model <file or address>', 'the model (see below)')
    .addOption(
      new Option('--engine <engine>', 'what will run the model').choices(Object.keys(engines)).default('llama.cpp'),
    )
  addRequestOptions(command)
  const preference = new Option('--prefer <what>', 'which of several placements that fit is best')
  command.addOption(preference.choices(Object.keys(preferences)).default('headroom'))
  command.option('--ignore-used', 'plan as if nothing else held memory on the machine')
  command.option('--json', 'print the verdict as JSON').addHelpText('after', help).action(planMachines)
}

async function planMachines(options: PlanOptions): Promise<void> {
  const { machines, warnings } = await readMachines({ path: options.machine, subject: '--machine' })
  const chosen = pickMachines(machines, options.machineName).map(completeMachine)
  const read = await readModelFrom(options.model, readEnvironment())
  for (const warning of warnings) console.error(`warning: ${warning}`)

  const engine: Engine = engines[options.engine]
  const common = { model: read.model, engine, request: toRequest(options), preference: options.prefer }
  const answers = chosen.map((machine) => {
    const verdict = plan({ ...common, machine, ...(options.ignoreUsed && nothingUsed(machine)) })
    return answerOf({ machine, read, engine, verdict })
  })
  console.log(options.json ? JSON.stringify(toJson(answers), null, 2) : planLines(read.model, answers).join('\n'))
  process.exitCode = answers.some(({ verdict }) => verdict.fits) ? 0 : 2
}

const nothingUsed = ({ devices }: Machine) => ({
  used: new Map(devices.map(({ id }) => [id, bytes(0)])),
  hostUsed: bytes(0),
})

interface AnswerInput {
  readonly machine: Machine
  readonly read: ModelRead
  readonly engine: Engine
  readonly verdict: Verdict
}

function answerOf({ machine, read, engine, verdict }: AnswerInput): Answer {
  if (!verdict.fits) return { machine, verdict }
  const launch = engine.launch({ placement: verdict.best, machine, source: read.source })
  const { environment, program, arguments: words } = launch
  const [shell, powershell] = [toShell(launch, 'posix'), toShell(launch, 'powershell')]
  const speed = estimateSpeed({ placement: verdict.best, model: read.model, machine })
  const explanation = explainSpeed(speed.basis, machine)
  return {
    machine,
    verdict,
    launch: { shell, powershell, environment, program, arguments: words },
    speed: { ...speed, explanation },
  }
}

/** One machine: its verdict itself. Several: a list, each verdict under its machine's name. */
function toJson(answers: readonly Answer[]): unknown {
  const [only, ...rest] = answers.map(({ machine, verdict, launch, speed }) => ({
    ...(answers.length > 1 && { machine: machine.name }),
    ...verdict,
    ...(launch && { launch }),
    ...(speed && { speed }),
  }))
  return rest.length === 0 ? only : [only, ...rest]
}
