import { step } from './progress.mjs'
import { runTool } from './run.mjs'

const summary = /Cached:\s+(\d+) cached, (\d+) total/

/** Runs a turbo task over the workspace; what did not change comes from turbo's cache. */
export async function runTask(task, options = {}) {
  const { code, output } = await runTool(
    'turbo',
    ['run', task, '--output-logs=new-only', '--continue=always', '--no-update-notifier'],
    options,
  )
  const [, cached, total] = summary.exec(output) ?? []
  return { code, output, detail: total === undefined ? undefined : `${total} packages, ${cached} from cache` }
}

/** `turbo run <task>` as a step of the set-up; throws with the task's own output when it fails. */
export const ensureTask = (task) =>
  step(task, async (say) => {
    const { code, output, detail } = await runTask(task, { onLine: (line) => say(/^(@berth\/\S+)/.exec(line)?.[1]) })
    if (code !== 0) throw new Error(`${task} failed:\n${output}`)
    return detail
  })
