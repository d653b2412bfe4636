import { describe, expect, it } from 'vitest'
import { closingLine, countClosingLine, countPlaywright, countVitest, explainVitest, settle } from './counts.mjs'

describe('countVitest', () => {
  const file = (status, ...tests) => ({ status, assertionResults: tests.map((test) => ({ status: test })) })

  it('sums tests, and counts a file that could not be loaded as one failure', () => {
    const report = {
      numPassedTests: 3,
      numFailedTests: 1,
      numPendingTests: 2,
      numTodoTests: 1,
      testResults: [file('passed', 'passed'), file('failed', 'passed', 'failed'), file('failed')],
    }
    expect(countVitest(report)).toEqual({ passed: 3, failed: 2, skipped: 3 })
  })
})

describe('explainVitest', () => {
  const passed = { status: 'passed', fullName: 'adds', failureMessages: [] }

  it('names each failed test with its message, and nothing that passed', () => {
    const failed = { status: 'failed', fullName: 'divides', failureMessages: ['{ seed: 7 }\nby zero'] }
    const testResults = [
      { name: 'a.test.ts', status: 'failed', assertionResults: [passed, failed] },
      { name: 'b.test.ts', status: 'passed', assertionResults: [passed] },
      { name: 'c.test.ts', status: 'failed', message: 'no such module', assertionResults: [] },
    ]
    expect(explainVitest({ testResults })).toBe(
      'a.test.ts › divides\n  { seed: 7 }\n  by zero\n\nc.test.ts\n  no such module\n',
    )
  })

  it('says nothing of a clean run, and not all of an endless message', () => {
    expect(explainVitest({ testResults: [{ name: 'a', status: 'passed', assertionResults: [passed] }] })).toBe('')
    const endless = [{ name: 'a', status: 'failed', message: 'x\n'.repeat(1000), assertionResults: [] }]
    expect(explainVitest({ testResults: endless }).split('\n').length).toBeLessThan(40)
  })
})

describe('countPlaywright', () => {
  it('counts flaky tests and errors outside tests as failures', () => {
    const stats = { expected: 5, unexpected: 1, flaky: 1, skipped: 2 }
    expect(countPlaywright({ stats, errors: [{ message: 'no server' }] })).toEqual({ passed: 5, failed: 3, skipped: 2 })
  })
})

describe('countClosingLine', () => {
  it.each([
    ['1,234 passed, 0 failed', { passed: 1234, failed: 0, skipped: 0 }],
    ['1 passed, 2 failed\nlast: 3 passed, 4 failed, 5 skipped\n', { passed: 3, failed: 4, skipped: 5 }],
    ['nothing of the kind', undefined],
  ])('%j', (output, counts) => expect(countClosingLine(output)).toEqual(counts))
})

describe('settle', () => {
  const passed = { passed: 4, failed: 0, skipped: 0 }

  it.each([
    ['a clean run stays as it is', passed, 0, passed],
    ['a run that failed without a failed test has failed', passed, 1, { passed: 4, failed: 1, skipped: 0 }],
    [
      'a run that looked at nothing has failed',
      { passed: 0, failed: 0, skipped: 0 },
      0,
      { passed: 0, failed: 1, skipped: 0 },
    ],
    [
      'skipped tests alone are no failure',
      { passed: 0, failed: 0, skipped: 2 },
      0,
      { passed: 0, failed: 0, skipped: 2 },
    ],
    ['a run that wrote no report has failed', undefined, 0, { passed: 0, failed: 1, skipped: 0 }],
  ])('%s', (_, counts, code, settled) => expect(settle(counts, code)).toEqual(settled))
})

describe('closingLine', () => {
  it.each([
    [{ passed: 12, failed: 0, skipped: 0 }, '12 passed, 0 failed'],
    [{ passed: 12, failed: 1, skipped: 3 }, '12 passed, 1 failed, 3 skipped'],
  ])('%j', (counts, line) => expect(closingLine(counts)).toBe(line))
})
