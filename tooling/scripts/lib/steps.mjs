import { runTask } from './build.mjs'
import { apiTests, conformanceCases, endToEnd, unitTests } from './suites.mjs'
import { runTool } from './run.mjs'

/**
 * One check made by a tool. `looked` finds in the output how much it looked at: a tool that saw nothing has not
 * passed, whatever its exit code.
 */
const check = (name, tool, args, { looked, what }) => ({
  name,
  async run() {
    const { code, output } = await runTool(tool, args)
    const seen = looked.exec(output)?.[1]
    const passed = code === 0 && Number(seen) > 0
    const detail = seen === undefined ? 'looked at nothing' : `${seen} ${what}`
    return { passed: Number(passed), failed: Number(!passed), skipped: 0, detail, output }
  },
})

/** Unused files, exports and dependencies; one version of each package. */
const unused = {
  name: 'unused',
  async run() {
    const results = [await runTool('knip', ['--no-progress', '--no-config-hints']), await runTool('sherif', [])]
    const failed = results.filter(({ code }) => code !== 0)
    return {
      passed: results.length - failed.length,
      failed: failed.length,
      skipped: 0,
      detail: 'knip, sherif',
      output: failed.map(({ output }) => output).join('\n'),
    }
  },
}

const task = (name, turboTask, timeoutSeconds) => ({
  name,
  async run() {
    const { code, output, detail } = await runTask(turboTask, { timeoutSeconds })
    const passed = code === 0 && detail !== undefined
    return { passed: Number(passed), failed: Number(!passed), skipped: 0, detail, output }
  },
})

/** In the order cheap to dear, so that the first answer comes in a second. */
export const steps = [
  check('format', 'oxfmt', ['--check'], { looked: /on (\d+) files/, what: 'files' }),
  check('lint', 'oxlint', ['--type-aware', '--deny-warnings'], { looked: /on (\d+) files/, what: 'files' }),
  check('boundaries', 'turbo', ['boundaries', '--no-color'], { looked: /Checked (\d+) files/, what: 'files' }),
  task('types', 'types', 300),
  unused,
  unitTests,
  conformanceCases('conformance', 'tooling/conformance/data'),
  conformanceCases('made-up', 'tooling/conformance/made-up'),
  apiTests('sqlite'),
  apiTests('postgresql'),
  task('build', 'build', 600),
  endToEnd,
]
