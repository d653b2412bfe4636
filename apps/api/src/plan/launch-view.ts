import { type Launch, toShell } from '@berth/core'
import type { LaunchView } from './schema.ts'

/** A launch as data, and as a line to paste. */
export const launchView = (launch: Launch): LaunchView => ({
  shell: toShell(launch, 'posix'),
  powershell: toShell(launch, 'powershell'),
  environment: launch.environment,
  program: launch.program,
  arguments: launch.arguments,
})
