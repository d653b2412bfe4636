import { explainMachineWarning, machineWarnings } from '@berth/core'
import { writeMachines } from '@berth/inventory'
import type { Command } from 'commander'
import { printable } from '../failure.ts'
import { readMachines } from '../input/machines.ts'

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
  ssh lab-2 nvidia-smi -q -x | berth import - --name lab-2 > lab-2.json`

/** `berth import`: tool output in, Berth's own JSON out. */
export function addImport(program: Command): void {
  program
    .command('import')
    .description('read machines from the output of their tools and print them as JSON')
    .argument('<file>', 'a text file, or - for standard input')
    .option('--name <host>', 'name of the machine, where the text does not tell it')
    .addHelpText('after', help)
    .action(importMachines)
}

async function importMachines(path: string, { name }: { readonly name?: string }): Promise<void> {
  const { machines, warnings } = await readMachines({ path, subject: 'import', hostName: name })
  for (const warning of warnings) console.error(`warning: ${warning}`)
  for (const machine of machines) {
    for (const warning of machineWarnings(machine)) {
      console.error(`note: ${printable(`${machine.name}: ${explainMachineWarning(warning, machine)}`, 600)}`)
    }
  }
  process.stdout.write(writeMachines(machines))
}
