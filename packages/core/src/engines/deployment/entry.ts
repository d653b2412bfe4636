import type { Launch } from '../launch.ts'
import { toShell, writtenLaunch } from '../shell.ts'

/** What a container runs: the image's own program with these arguments, or a shell where commands follow the start. */
export interface Entry {
  /** Absent where the image's entry point stays. */
  readonly program?: readonly string[]
  readonly list: readonly string[]
}

export function entryOf(launch: Launch): Entry {
  if (launch.afterwards.length === 0) return { list: launch.arguments }
  const server = toShell({ ...launch, environment: [] }, 'posix')
  return { program: ['/bin/sh', '-c'], list: [`${server} & ${untilDone(launch).join('; ')}; wait`] }
}

/** Each command once it succeeds: the engine may not answer yet. */
export const untilDone = (launch: Launch): readonly string[] =>
  writtenLaunch(launch).afterwards.map(({ shell }) => `until ${shell}; do sleep 2; done`)
