import { type Deployment, deploymentsOf } from './deployment/index.ts'
import type { LaunchInput, StartedEngine } from './engine.ts'
import { type WrittenLaunch, writtenLaunch } from './shell.ts'

/** What starts a placement, as data, as lines to paste, and as files for what keeps it running. */
export interface Start extends WrittenLaunch {
  readonly deployments: readonly Deployment[]
}

export function startOf(engine: StartedEngine, input: LaunchInput): Start {
  const launch = engine.launch(input)
  return { ...writtenLaunch(launch), deployments: deploymentsOf(engine, input, launch) }
}
