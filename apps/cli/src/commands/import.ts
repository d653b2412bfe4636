import { explainMachineWarning, machineWarnings } from '@berth/core'
import { writeMachines } from '@berth/inventory'
import type { Command } from 'commander'
import { printable } from '../failure.ts'
import { readMachines } from '../input/machines.ts'
import { serverOption } from '../input/server.ts'
import { importToServer, type ServerImport } from './import-to-server.ts'

const help = `
Reads what these print, sniffed from the text, several at once:
  nvidia-smi -q -x, -q, -L, its table, topo -m, topo -p2p r, nvlink -s
  nvidia-smi --query-gpu=… --format=csv
  llama-server --list-devices
  rocm-smi --json, amd-smi, xpu-smi -j, gpustat, lspci, system_profiler
  Kubernetes nodes, Slurm (scontrol, gres.conf), Ansible facts, NetBox
  lscpu, /proc/meminfo, free, grep -H . /sys/class/net/*/speed, ethtool, ip -j link
  berth collect; Berth's own JSON, as this command prints it, and CSV

Examples:
  nvidia-smi -q -x | berth import - > lab-1.json
  ssh lab-2 nvidia-smi -q -x | berth import - --name lab-2 > lab-2.json
  berth import lab.txt --url http://localhost:3000           what it would change there
  berth import lab.txt --url http://localhost:3000 --save    and saves all of it, or nothing`

/** `berth import`: tool output in, Berth's own JSON out; or its difference to what a server knows, and into that. */
export function addImport(program: Command): void {
  program
    .command('import')
    .description('read machines from the output of their tools and print them as JSON, or bring them to a server')
    .argument('<file>', 'a text file, or - for standard input')
    .option('--name <host>', 'name of the machine, where the text does not tell it')
    .addOption(serverOption)
    .option('--save', 'with a server: save what the difference shows')
    .option('--message <text>', 'with --save: why, for the history')
    .addHelpText('after', help)
    .action(importMachines)
}

async function importMachines(path: string, options: ServerImport): Promise<void> {
  const { name, url, save } = options
  if (url !== undefined || save) return importToServer(path, options)
  const { machines, warnings } = await readMachines({ path, subject: 'import', hostName: name })
  for (const warning of warnings) console.error(`warning: ${warning}`)
  for (const machine of machines) {
    for (const warning of machineWarnings(machine)) {
      console.error(`note: ${printable(`${machine.name}: ${explainMachineWarning(warning, machine)}`, 600)}`)
    }
  }
  process.stdout.write(writeMachines(machines))
}
