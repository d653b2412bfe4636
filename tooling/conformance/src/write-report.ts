import type { Judgement } from './judge-case.ts'
import type { Report, Tally } from './tally.ts'

const columns: readonly (readonly [title: string, value: (tally: Tally) => string])[] = [
  ['cases', (tally) => String(tally.cases)],
  ['refused', (tally) => String(tally.refused)],
  ['layers', (tally) => share(tally.layersExact, tally.computeCases)],
  ['weights', (tally) => share(tally.weightsExact, tally.computeCases)],
  ['context', (tally) => share(tally.contextExact, tally.computeCases)],
  ['compute', (tally) => share(tally.computeExact, tally.computeCases)],
  ['fit', (tally) => share(tally.fitExact, tally.computeCases)],
  ['rest', (tally) => share(tally.restExact, tally.computeCases)],
  ['p50', (tally) => percent(tally.computeErrorP50)],
  ['p99', (tally) => percent(tally.computeErrorP99)],
  ['max', (tally) => percent(tally.computeErrorMax)],
  ['under MiB', (tally) => tally.computeMaxUnderMiB.toFixed(1)],
]

const share = (exact: number, of: number): string => (exact === of ? 'all' : `${exact}/${of}`)
const percent = (ratio: number): string => `${(ratio * 100).toFixed(2)}%`

export function writeTable(report: Report): void {
  const rows = [...Object.entries(report.byArchitecture), ['total', report.total] as const]
  const lines = [
    ['architecture', ...columns.map(([title]) => title)],
    ...rows.map(([name, tally]) => [name, ...columns.map(([, value]) => value(tally))]),
  ]
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)))
  for (const line of lines) {
    process.stdout.write(
      `${line.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  ')}\n`,
    )
  }
}

export function writeDifferences(wrong: readonly Judgement[], most: number): void {
  for (const { id, header, differences } of wrong.slice(0, most)) {
    for (const difference of differences) process.stdout.write(`${id} ${header} ${difference}\n`)
  }
  if (wrong.length > most) process.stdout.write(`and ${wrong.length - most} more\n`)
}
