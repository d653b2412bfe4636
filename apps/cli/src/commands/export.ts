import { type Command, Option } from 'commander'
import { addFilterOptions, askServer, type FilterOptions, filterParameters } from '../input/server.ts'

const help = `
What is printed can be pasted or imported again, edited or not. A table that has machine.name
and machine.site alone changes the sites and nothing else.

Examples:
  berth export --url http://localhost:3000 --format csv > machines.csv
  berth export --site Berlin --format json > berlin.json`

interface ExportOptions extends FilterOptions {
  readonly format: 'csv' | 'json'
}

/** `berth export`: a server's machines as a file that an import reads again. */
export function addExport(program: Command): void {
  addFilterOptions(program.command('export').description('print the machines of a Berth server as CSV or JSON'))
    .addOption(new Option('--format <format>', 'what to print').choices(['csv', 'json']).default('json'))
    .addHelpText('after', help)
    .action(exportMachines)
}

async function exportMachines(options: ExportOptions): Promise<void> {
  const answer = await askServer(options, '/machines/export', [
    ...filterParameters(options),
    ['format', options.format],
  ])
  process.stdout.write(await answer.text())
}
