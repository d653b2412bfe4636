/** Runs with a signal that also aborts once the run has ended: after a failure other files may still be on their way. */
export async function untilSettled<Result>(
  outer: AbortSignal | undefined,
  run: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController()
  const signal = outer === undefined ? controller.signal : AbortSignal.any([outer, controller.signal])
  try {
    return await run(signal)
  } finally {
    controller.abort()
  }
}
