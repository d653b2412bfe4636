import { existsSync, readFileSync } from 'node:fs'

/**
 * What a step did: `passed`, `failed`, `skipped` are numbers of tests, or of one check that is no test.
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 */

/** @type {Counts} */
export const none = { passed: 0, failed: 0, skipped: 0 }

export const add = (left, right) => ({
  passed: left.passed + right.passed,
  failed: left.failed + right.failed,
  skipped: left.skipped + right.skipped,
})

/** Vitest's JSON report. A file that could not even be loaded holds no tests and counts as one failure. */
export function countVitest(report) {
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  )
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

/** More of one failure than this hides the next one. */
const FAILURE_LINES = 30

/** What failed in Vitest's JSON report, each with its message and, of a property, its seed; empty when nothing did. */
export function explainVitest(report) {
  const explain = (title, message = '') => `${[title, ...message.split('\n').slice(0, FAILURE_LINES)].join('\n  ')}\n`
  return report.testResults
    .filter(({ status }) => status === 'failed')
    .flatMap(({ name, message, assertionResults }) => {
      const failed = assertionResults.filter(({ status }) => status === 'failed')
      if (failed.length === 0) return [explain(name, message)]
      return failed.map((test) => explain(`${name} › ${test.fullName}`, test.failureMessages.join('\n')))
    })
    .join('\n')
}

/** Playwright's JSON report. A test that passed only when tried again is flaky, and flaky is failed. */
export function countPlaywright({ stats, errors = [] }) {
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky + errors.length, skipped: stats.skipped }
}

/** The closing line of a tool of ours: "1,234 passed, 0 failed", perhaps with ", 3 skipped". */
export function countClosingLine(output) {
  const lines = output.split('\n').map((line) => /([\d,]+) passed, ([\d,]+) failed(?:, ([\d,]+) skipped)?/.exec(line))
  const [, passed, failed, skipped = '0'] = lines.findLast((match) => match !== null) ?? []
  if (passed === undefined) return undefined
  const [p, f, s] = [passed, failed, skipped].map((digits) => Number(digits.replaceAll(',', '')))
  return { passed: p, failed: f, skipped: s }
}

/**
 * Joins a report with the exit code: a run that failed with no failed test in its report failed all the same, and
 * so did one that looked at nothing or wrote no report.
 */
export function settle(counts = none, code) {
  const looked = counts.passed + counts.failed + counts.skipped > 0
  return counts.failed === 0 && (code !== 0 || !looked) ? { ...counts, failed: 1 } : counts
}

/** The report a tool was asked to write, or undefined when it died before. */
export const readReport = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined)

/** "12 passed, 0 failed", and ", 3 skipped" when there are any. */
export const closingLine = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
