import { type FleetMachine, formatBytes, gpuMemoryFree, gpuMemoryTotal } from '@berth/core'
import type { Command } from 'commander'
import { printable } from '../failure.ts'
import { addFilterOptions, askServer, type FilterOptions, filterParameters, readPage } from '../input/server.ts'
import { tableLines } from '../output/table.ts'

/** As many as the API puts on one page. */
const PAGE = 1000

const help = `
Exit codes: 0 some machine matches, 2 none does, 1 something is wrong.

Examples:
  berth machines --url http://localhost:3000 --site Berlin --free-on-one 40
  BERTH_URL=http://localhost:3000 berth machines --label rack=a --sort -free --json`

interface MachinesOptions extends FilterOptions {
  readonly sort: string
  readonly json?: true
}

/** `berth machines`: what a server knows, narrowed as its page narrows it. */
export function addMachines(program: Command): void {
  addFilterOptions(program.command('machines').description('list the machines of a Berth server'))
    .option('--sort <key>', 'name, memory, free, site or read; -free for the most first', 'name')
    .option('--json', 'print them as the API has them')
    .addHelpText('after', help)
    .action(listMachines)
}

async function listMachines(options: MachinesOptions): Promise<void> {
  const machines = await everyPage(options)
  process.exitCode = machines.length > 0 ? 0 : 2
  if (options.json) console.log(JSON.stringify(machines, null, 2))
  else if (machines.length === 0) console.error('No machine matches.')
  else console.log(textOf(machines))
}

async function everyPage(options: MachinesOptions): Promise<readonly FleetMachine[]> {
  const machines: FleetMachine[] = []
  const asked = [...filterParameters(options), ['sort', options.sort], ['limit', String(PAGE)]] as const
  for (let cursor: string | null = ''; cursor !== null;) {
    const answer = await askServer(options, '/machines', cursor === '' ? asked : [...asked, ['cursor', cursor]])
    const { items, nextCursor } = await readPage(answer)
    machines.push(...(items as readonly FleetMachine[]))
    cursor = nextCursor
  }
  return machines
}

function textOf(machines: readonly FleetMachine[]): string {
  const lines = tableLines<FleetMachine>(
    [
      { title: 'name', align: 'left', cell: ({ name }) => printable(name) },
      { title: 'GPUs', align: 'left', cell: gpusOf },
      { title: 'memory', align: 'right', cell: (machine) => formatBytes(gpuMemoryTotal(machine)) },
      { title: 'free', align: 'right', cell: freeOf },
      { title: 'site', align: 'left', cell: ({ site }) => printable(site ?? '') },
      { title: 'team', align: 'left', cell: ({ owner }) => printable(owner ?? '') },
      { title: '', align: 'left', cell: ({ maintenance }) => (maintenance === null ? '' : 'in maintenance') },
    ],
    machines,
  )
  return lines.join('\n')
}

function gpusOf({ devices }: FleetMachine): string {
  const names = [...new Set(devices.map(({ name }) => name))]
  return names
    .map((name) => `${devices.filter((device) => device.name === name).length} × ${printable(name)}`)
    .join(', ')
}

function freeOf(machine: FleetMachine): string {
  const free = gpuMemoryFree(machine)
  return free === undefined ? 'unknown' : formatBytes(free)
}
