import type { Command, Launch } from '../launch.ts'
import { untilDone } from './entry.ts'

/** A unit for a program of the host (systemd.service(5)): what it runs, restarted when it fails. */
export function toSystemd({ launch, description, folder }: SystemdInput): string {
  const workingDirectory = launch.files.some(({ use }) => use === 'needed') ? [`WorkingDirectory=${folder}`] : []
  return [
    '[Unit]',
    `Description=${description.replaceAll('%', '%%').replaceAll(/\s+/g, ' ')}`,
    'Wants=network-online.target',
    'After=network-online.target nvidia-persistenced.service',
    '',
    '[Service]',
    ...launch.environment.map(({ name, value }) => `Environment=${quoted(`${name}=${value}`)}`),
    ...workingDirectory,
    `ExecStart=${commandLine(launch)}`,
    ...untilDone(launch).map(
      (script) => `ExecStartPost=${commandLine({ program: '/bin/sh', arguments: ['-c', script] })}`,
    ),
    'Restart=on-failure',
    'RestartSec=5',
    '# A large model takes minutes to load.',
    'TimeoutStartSec=30min',
    '',
    '[Install]',
    'WantedBy=multi-user.target',
    '',
  ].join('\n')
}

export interface SystemdInput {
  readonly launch: Launch
  readonly description: string
  /** Where the files of the launch lie. */
  readonly folder: string
}

/** Programs without a path are looked up by systemd in its own fixed search path; `env` takes the caller's. */
const commandLine = ({ program, arguments: list }: Command): string =>
  [program.startsWith('/') ? program : `/usr/bin/env ${quoted(program)}`, ...list.map((one) => quoted(one, true))].join(
    ' ',
  )

/** Without a meaning to systemd, so that ordinary commands stay readable. */
const PLAIN = /^[\w@+:,./=-]+$/

/** Double quotes with C escapes; `%` begins a specifier, and in a command `$` a variable. */
function quoted(text: string, command = false): string {
  if (/[\0\n\r]/.test(text)) throw new Error('a line of a unit cannot hold line breaks or NUL characters')
  const specified = text.replaceAll('%', '%%')
  const plain = command ? specified.replaceAll('$', '$$$$') : specified
  return PLAIN.test(plain) ? plain : `"${plain.replaceAll('\\', '\\\\').replaceAll('"', String.raw`\"`)}"`
}
