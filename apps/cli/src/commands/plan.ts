import { completeMachine } from '@berth/catalogue'
import {
  type AnyEngine,
  anyEngineIds,
  type DeploymentForm,
  deploymentForms,
  estimateSpeed,
  explainMachineWarning,
  explainSpeed,
  isExl2Model,
  type Machine,
  placementWarnings,
  planModel,
  preferenceIds,
  type Verdict,
} from '@berth/core'
import { type Command, Option } from 'commander'
import { type Answer, launchOf } from '../answer.ts'
import { readEnvironment } from '../env.ts'
import { Failure } from '../failure.ts'
import { readCandidates } from '../input/candidates.ts'
import { readEngine, readFileEngine } from '../input/engine.ts'
import { pickMachines, readMachines } from '../input/machines.ts'
import { type FileRead, type ModelRead, readFileFrom, readModelFrom, requireFile } from '../input/model.ts'
import { addRequestOptions, toRequest } from '../options.ts'
import { planLines } from '../output/plan-text.ts'
import { nothingUsed, objectiveOf, type PlanOptions, unknowns } from './plan-options.ts'
import { solvedAnswer } from './plan-solve.ts'
import { planAll } from './plan-together.ts'

const help = `
A model is one of
  catalogue:<id>:<mix>        a model of the built-in catalogue (see \`berth models\`)
  ./model.gguf                a file; of a split one, any part
  https://…/model.gguf        a URL; only the header is read
  hf:org/repo/model.gguf      a file on a Hugging Face hub
  org/repo:Q4_K_M             a quantization on a hub (HF_ENDPOINT and HF_TOKEN are honoured)
  ./folder, org/repo@4.0bpw   a folder of EXL2 or EXL3, for --engine exllamav2, exllamav3 or tabbyapi

--solve leaves one thing open and finds the best that fits, on the GPUs alone where anything does:
  ctx     the largest context of each slot, in steps of 256 tokens
  slots   the most slots, each with the context that --ctx gives one now
  kv      the finest type of the KV cache
  mix     the mix that loses least: of a catalogue model's own, or of --model and the files given by --or

Exit code: 0 it fits (on at least one machine), 2 it does not, 1 something is wrong.

Examples:
  nvidia-smi -q -x | berth plan --machine - --model catalogue:llama-3.3-70b:Q4_K_M --ctx 8192
  berth plan --machine lab-1.json --model ./model.gguf --ctx 32768 --ctk q8_0 --ctv q8_0 --json
  berth plan --machine lab-1.json --model ./chat.gguf --also ./code.gguf --ctx 8192
  berth plan --machine lab-1.json --model ./model.gguf --parallel 4 --solve ctx`

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
    .addOption(new Option('--engine <engine>', 'what will run the model').choices(anyEngineIds).default('llama.cpp'))
  command.option('--engine-version <version>', 'one of its versions (the current one)')
  addRequestOptions(command)
  const objective = new Option('--objective <what>', 'which of several placements that fit is best (headroom)')
  command
    .addOption(objective.choices(preferenceIds))
    .addOption(new Option('--prefer <what>').choices(preferenceIds).hideHelp())
    .option('--beside <model>', 'the model that --objective room-for-another leaves room for, run as this one')
    .option('--also <model>', 'plan this model on the same machine too, run as the first; may be repeated', more, [])
    .addOption(
      new Option('--solve <what>', 'find the best value of one thing instead (see below)').choices(
        Object.keys(unknowns),
      ),
    )
    .option('--or <model>', 'another file of the model that --solve mix may choose; may be repeated', more, [])
  command.addOption(
    new Option('--as <form>', 'print the file that keeps the best placement running').choices(deploymentForms),
  )
  command.option('--ignore-used', 'plan as if nothing else held memory on the machine')
  command.option('--json', 'print the verdict as JSON').addHelpText('after', help).action(planMachines)
}

const more = (model: string, models: readonly string[]): readonly string[] => [...models, model]

async function planMachines(options: PlanOptions): Promise<void> {
  if (options.also.length > 0) return planAll(options)
  if (options.or.length > 0 && options.solve !== 'mix') throw new Failure('--or: only --solve mix chooses of files')

  const { machines, warnings } = await readMachines({ path: options.machine, subject: '--machine' })
  const chosen = pickMachines(machines, options.machineName).map(completeMachine)
  const read = await readModelFrom(options.model, readEnvironment())
  const beside = await besideOf(options)
  for (const warning of warnings) console.error(`warning: ${warning}`)

  const engine = readEngine(options)
  const request = toRequest(options)
  const common = {
    ...{ model: read.model, engine, request, preference: objectiveOf(options) },
    ...(beside && { other: { model: beside.model, engine: readFileEngine(options, '--beside'), request } }),
    ...(read.alternatives && { alternatives: read.alternatives }),
  }
  const open = options.solve && (await openQuestion(options, read))
  const answers = chosen.map((machine) => {
    const here = { machine, ...(options.ignoreUsed && nothingUsed(machine)) }
    const answer = (verdict: Verdict, file = read): Answer => answerOf({ machine, read: file, engine, verdict })
    if (!open) return answer(planModel({ ...common, ...here }))
    const { alternatives: _, ...rest } = common
    return solvedAnswer({ ...rest, ...open, ...here }, answer)
  })
  // What does not fit is told in words whatever was asked for.
  const fits = answers.some(({ verdict, solution }) => solution?.solved ?? verdict.fits)
  console.log(textOf(answers, read, fits ? options : { ...options, as: undefined }))
  process.exitCode = fits ? 0 : 2
}

function textOf(
  answers: readonly Answer[],
  read: ModelRead,
  { json, as }: { readonly json?: true | undefined; readonly as?: DeploymentForm | undefined },
): string {
  if (as) return deploymentOf(answers, as)
  return json ? JSON.stringify(toJson(answers), null, 2) : planLines(read, answers).join('\n')
}

/** The file alone, to be written where it belongs. */
function deploymentOf(answers: readonly Answer[], form: DeploymentForm): string {
  const [only, ...rest] = answers
  if (!only || rest.length > 0) throw new Failure('--as: one machine at a time; name it with --machine-name')
  const { launch } = only
  if (!launch) throw new Error('a placement that fits has no launch')
  const found = launch.deployments.find((deployment) => deployment.form === form)
  if (found) return found.content.trimEnd()
  const offered = launch.deployments.map((deployment) => deployment.form).join(', ') || 'nothing'
  throw new Failure(`--as: this engine offers ${offered} for the placement`)
}

/** What is left open, of what is answered for GGUF files only. */
async function openQuestion(options: PlanOptions, read: ModelRead) {
  const engine = readFileEngine(options, '--solve')
  const { model } = requireFile(read)
  const candidates = options.solve === 'mix' ? await readCandidates(options.model, options.or, readEnvironment()) : []
  return { engine, model, candidates, unknown: unknowns[options.solve!] }
}

/** The model that room is left for, which one objective needs and no other looks at. */
async function besideOf(options: PlanOptions): Promise<FileRead | undefined> {
  const objective = objectiveOf(options)
  const { beside } = options
  if (objective === 'room-for-another' && beside === undefined) {
    throw new Failure('--objective room-for-another: name the other model with --beside')
  }
  if (objective !== 'room-for-another' && beside !== undefined) {
    throw new Failure('--beside: only --objective room-for-another leaves room for another model')
  }
  return beside === undefined ? undefined : readFileFrom(beside, readEnvironment(), '--beside')
}

interface AnswerInput {
  readonly machine: Machine
  readonly read: ModelRead
  readonly engine: AnyEngine
  readonly verdict: Verdict
}

function answerOf({ machine, read, engine, verdict }: AnswerInput): Answer {
  if (!verdict.fits) return { machine, verdict }
  const { model, source } = read
  const launch = launchOf({ placement: verdict.best, machine, engine, source })
  if (isExl2Model(model)) return { machine, verdict, launch }
  const speed = estimateSpeed({ placement: verdict.best, model, machine })
  const explanation = explainSpeed(speed.basis, machine)
  const warnings = placementWarnings(verdict.best, machine).map((warning) => explainMachineWarning(warning, machine))
  return { machine, verdict, launch, speed: { ...speed, explanation, warnings } }
}

/** One machine: its verdict itself. Several: a list, each verdict under its machine's name. */
function toJson(answers: readonly Answer[]): unknown {
  const [only, ...rest] = answers.map(({ machine, verdict, launch, speed, solution }) => ({
    ...(answers.length > 1 && { machine: machine.name }),
    ...(solution && { solution }),
    ...verdict,
    ...(launch && { launch }),
    ...(speed && { speed }),
  }))
  return rest.length === 0 ? only : [only, ...rest]
}
