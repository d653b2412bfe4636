// On standard error: what a command answers, such as JSON, stays alone on standard output.
const terminal = process.stderr.isTTY

/** One line that says what is being done, and is replaced by the outcome. */
export function showProgress(text) {
  if (terminal) process.stderr.write(`\r\u001B[K${text.slice(0, (process.stderr.columns ?? 80) - 1)}`)
}

export function clearProgress() {
  if (terminal) process.stderr.write('\r\u001B[K')
}

/** Seconds since `started` (a `performance.now()`), as people read them: "3.2 s", "2 min 05 s". */
export function elapsed(started) {
  const seconds = (performance.now() - started) / 1000
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  return `${Math.floor(seconds / 60)} min ${String(Math.floor(seconds % 60)).padStart(2, '0')} s`
}

/** Runs one named part of the set-up: a line when it begins, the last thing it said, a line when it is done. */
export async function step(name, work) {
  const started = performance.now()
  if (terminal) showProgress(`${name} …`)
  else console.error(`${name} …`)
  const detail = await work((text) => text && showProgress(`${name} … ${text}`))
  clearProgress()
  console.error(`${name.padEnd(12)} ${elapsed(started).padStart(12)}${detail ? `   ${detail}` : ''}`)
}
