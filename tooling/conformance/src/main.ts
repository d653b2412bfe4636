import { judgeCase, type Judgement } from './judge-case.ts'
import { modelReader, readCases } from './read-folder.ts'
import { reportOf } from './tally.ts'
import { writeDifferences, writeTable } from './write-report.ts'

/** `npm run conformance -- <folder> [--json] [--show N] [--check]`: exit 1 when anything that is claimed exact is not. */
async function main(args: readonly string[]): Promise<number> {
  const folder = args.find((argument) => !argument.startsWith('--'))
  if (!folder) {
    process.stderr.write('usage: npm run conformance -- <folder> [--json] [--show N]\n')
    return 1
  }
  const modelOf = modelReader(folder)
  const judgements: Judgement[] = []
  for await (const testCase of readCases(folder)) {
    judgements.push(judgeCase(testCase, await modelOf(testCase.header)))
  }
  const report = reportOf(judgements)
  const wrong = judgements.filter((one) => one.claimed && one.differences.length > 0)
  if (args.includes('--json')) process.stdout.write(`${JSON.stringify(report)}\n`)
  else {
    writeTable(report)
    writeDifferences(wrong, Number(args[args.indexOf('--show') + 1] ?? 10) || 10)
  }
  if (args.includes('--check'))
    process.stdout.write(`${judgements.length - wrong.length} passed, ${wrong.length} failed\n`)
  if (judgements.length === 0) process.stderr.write(`no cases in ${folder}\n`)
  return wrong.length > 0 || judgements.length === 0 ? 1 : 0
}

process.exitCode = await main(process.argv.slice(2))
