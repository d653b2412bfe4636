import { explainFreshness, freshnessOf, type Machine } from '@berth/core'
import { explainInventoryIssue, explainInventoryWarning, type InventoryReading, readInventory } from '@berth/inventory'
import { Failure, printable } from '../failure.ts'
import { readText } from './read-text.ts'

export interface MachinesInput {
  /** A path, or `-` for standard input. */
  readonly path: string
  /** Named in an error, so that it is plain which option is meant. */
  readonly subject: string
  /** Names the machine of a tool that does not print its host. */
  readonly hostName?: string | undefined
}

/** What a file of tool output or of Berth's own JSON holds, with remarks on what was passed over. */
export async function readMachines({ path, subject, hostName }: MachinesInput): Promise<MachinesRead> {
  const text = await readText(path, subject)
  const read = readInventory(text, hostName === undefined ? {} : { hostName })
  if (!read.ok) throw new Failure(`${subject}: ${printable(explainInventoryIssue(read.issue), 400)}`)
  const { machines, warnings } = read.value
  if (machines.length === 0) {
    const told = 'it tells what is used of cards or how they are linked'
    throw new Failure(`${subject}: ${told}, but not which cards there are. Add nvidia-smi -q -x`)
  }
  const told = [...warnings.map(explainInventoryWarning), ...staleFigures(read.value)]
  return { machines, warnings: told.map((warning) => printable(warning, 400)) }
}

/** Only a collector says when it looked. Nothing reports to a file, so how often it reports says nothing here. */
const staleFigures = ({ machines, collected }: InventoryReading): readonly string[] =>
  collected.flatMap(({ hostName, collectedAt }) => {
    const readAtMs = Date.parse(collectedAt)
    const machine = machines.find(({ name }) => name === hostName)
    const sentence = machine && explainFreshness(freshnessOf({ ...machine, readAtMs, reportSeconds: null }, Date.now()))
    return sentence === undefined ? [] : [`${hostName}: ${sentence}`]
  })

export interface MachinesRead {
  readonly machines: readonly Machine[]
  readonly warnings: readonly string[]
}

/** The machine of that name, or all of them when no name is asked for. */
export function pickMachines(machines: readonly Machine[], name: string | undefined): readonly Machine[] {
  if (name === undefined) return machines
  const picked = machines.filter((machine) => machine.name === name)
  if (picked.length > 0) return picked
  const names = machines.map((machine) => machine.name).join(', ')
  throw new Failure(`--machine-name: no machine is called "${printable(name)}"; the file has ${printable(names, 400)}`)
}
