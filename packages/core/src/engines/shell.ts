import type { Command, Launch } from './launch.ts'

export type Shell = 'posix' | 'powershell'

type Started = Pick<Launch, 'environment' | 'program' | 'arguments'>

/** One line to paste: variables for this command (PowerShell: for this session), the program, its arguments. */
export const toShell = (launch: Started, shell: Shell): string =>
  shell === 'posix' ? toPosix(launch) : toPowerShell(launch)

/** A command as data, and as a line to paste into either shell. */
export interface WrittenCommand extends Command {
  readonly shell: string
  readonly powershell: string
}

export interface WrittenLaunch extends Omit<Launch, 'afterwards'>, WrittenCommand {
  readonly afterwards: readonly WrittenCommand[]
}

export const writtenLaunch = (launch: Launch): WrittenLaunch => ({
  ...launch,
  ...written(launch),
  afterwards: launch.afterwards.map((command) => ({ ...command, ...written({ ...command, environment: [] }) })),
})

const written = (started: Started): Pick<WrittenCommand, 'shell' | 'powershell'> => ({
  shell: toShell(started, 'posix'),
  powershell: toShell(started, 'powershell'),
})

/** What no shell gives a meaning to, so that ordinary commands stay readable. */
const PLAIN = /^[\w@%+:,./-]+$/
/** PowerShell reads a comma as an array, % and @ as operators, and splits `-a:b` and `-a.b` in two. */
const PLAIN_POWERSHELL = /^(?:[A-Za-z\d_./\\][\w+:./\\-]*|-{1,2}[A-Za-z][\w-]*)$/
/** A name that `sh` accepts before `=`; anything else would run as a command. */
const VARIABLE = /^[A-Za-z_]\w*$/

function toPosix({ environment, program, arguments: list }: Started): string {
  const assignments = environment.map(({ name, value }) => `${variable(name)}=${quotePosix(value)}`)
  return [...assignments, quotePosix(program), ...list.map(quotePosix)].join(' ')
}

/** Single quotes keep everything but themselves. */
export const quotePosix = (text: string): string =>
  PLAIN.test(text) ? text : `'${refuseNul(text).replaceAll("'", String.raw`'\''`)}'`

function toPowerShell({ environment, program, arguments: list }: Started): string {
  const assignments = environment.map(({ name, value }) => `$env:${variable(name)} = ${singleQuoted(value)}; `)
  const command = PLAIN_POWERSHELL.test(program) ? program : `& ${singleQuoted(program)}`
  return assignments.join('') + [command, ...list.map(quotePowerShell)].join(' ')
}

/** PowerShell's own rule (7.3 and later pass arguments on untouched): only a quote needs doubling, typographic ones too. */
export const quotePowerShell = (text: string): string => (PLAIN_POWERSHELL.test(text) ? text : singleQuoted(text))

const singleQuoted = (text: string): string => `'${refuseNul(text).replaceAll(/['\u2018\u2019\u201A\u201B]/g, '$&$&')}'`

function variable(name: string): string {
  if (!VARIABLE.test(name)) throw new Error(`"${name}" is no name of an environment variable`)
  return name
}

function refuseNul(text: string): string {
  if (text.includes('\0')) throw new Error('an argument cannot hold a NUL character')
  return text
}
