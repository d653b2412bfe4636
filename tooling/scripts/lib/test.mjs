import { ensureTask } from './build.mjs'
import { add, closingLine, none } from './counts.mjs'
import { ensureInstalled } from './install.mjs'
import { clearProgress, elapsed, showProgress } from './progress.mjs'
import { steps } from './steps.mjs'

/** A failing step's report is read from its end; what is longer than a screen or two hides the next step. */
const OUTPUT_LINES = 120

/** Runs every step to the end, also after one failed, and ends with the sum of all as the last line. */
export async function test(args) {
  const chosen = choose(args)
  await ensureInstalled()
  await ensureTask('generate')
  let total = none
  for (const each of chosen) total = add(total, await runStep(each))
  process.exitCode = total.failed > 0 ? 1 : 0
  console.log(`\n${closingLine(total)}`)
}

function choose(args) {
  const [only, skip] = ['only', 'skip'].map((name) => readNames(args, name))
  const unknown = args.filter((arg) => !/^--(only|skip)=/.test(arg))
  if (unknown.length > 0) throw new Error(`unknown argument ${unknown[0]}; there are --only=… and --skip=…`)
  return steps.filter(({ name }) => (only === undefined || only.includes(name)) && !skip?.includes(name))
}

function readNames(args, option) {
  const names = args
    .findLast((arg) => arg.startsWith(`--${option}=`))
    ?.slice(option.length + 3)
    .split(',')
  const wrong = names?.find((name) => !steps.some((each) => each.name === name))
  if (wrong !== undefined)
    throw new Error(`no step is called "${wrong}"; there are ${steps.map(({ name }) => name).join(', ')}`)
  return names
}

async function runStep({ name, run }) {
  const started = performance.now()
  showProgress(`${name} …`)
  const { detail, output, ...counts } = await run().catch((error) => ({
    passed: 0,
    failed: 1,
    skipped: 0,
    output: String(error),
  }))
  clearProgress()
  const mark = counts.failed > 0 ? 'FAIL' : counts.skipped > 0 && counts.passed === 0 ? 'skip' : 'ok'
  const said = [closingLine(counts), detail].filter(Boolean).join(' · ')
  console.log(`${mark.padEnd(5)} ${name.padEnd(15)} ${elapsed(started).padStart(12)}   ${said}`)
  if (counts.failed > 0) console.log(indent(output ?? ''))
  return counts
}

const indent = (output) =>
  output
    .trimEnd()
    .split('\n')
    .slice(-OUTPUT_LINES)
    .map((line) => `      ${line}`)
    .join('\n')
