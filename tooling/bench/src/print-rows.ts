import type { Bench } from 'tinybench'

/** One line a task: median and 99th percentile in milliseconds, and how often it ran. A task that threw ends the run. */
export function printRows(bench: Bench): void {
  const width = Math.max(...bench.tasks.map(({ name }) => name.length))
  console.log(`${'task'.padEnd(width)}  ${'median ms'.padStart(10)}  ${'p99 ms'.padStart(10)}  ${'runs'.padStart(7)}`)
  for (const { name, result } of bench.tasks) {
    if (!('latency' in result))
      throw new Error(`${name} did not run: ${'error' in result ? String(result.error) : result.state}`)
    const { p50, p99, samplesCount } = result.latency
    const figures = [p50.toFixed(3).padStart(10), p99.toFixed(3).padStart(10), String(samplesCount).padStart(7)]
    console.log([name.padEnd(width), ...figures].join('  '))
  }
}
