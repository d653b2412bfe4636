import { Command, CommanderError } from 'commander'
import { addExport } from './commands/export.ts'
import { addCollect } from './commands/collect.ts'
import { addImport } from './commands/import.ts'
import { addMachines } from './commands/machines.ts'
import { addModels } from './commands/models.ts'
import { addPlan } from './commands/plan.ts'
import { Failure } from './failure.ts'
import { spellOut } from './options.ts'

declare const BERTH_VERSION: string

const program = new Command('berth')
  .description('Says which of your machines can host which quantized model, how it is split, and what starts it.')
  .version(BERTH_VERSION)
  .showSuggestionAfterError()
  // One line an error, its suggestion included.
  .configureOutput({ outputError: (text, write) => write(text.trimEnd().replaceAll('\n', ' ') + '\n') })
  .exitOverride()

addPlan(program)
addImport(program)
addMachines(program)
addExport(program)
addCollect(program)
addModels(program)

// `berth models | head` closes the pipe early; that is no error of anybody.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})

try {
  await program.parseAsync(spellOut(process.argv.slice(2)), { from: 'user' })
} catch (error) {
  process.exitCode = 1
  // Commander has already written its own, and `--help` is no error.
  if (error instanceof CommanderError) process.exitCode = error.exitCode
  else if (error instanceof Failure) console.error(`error: ${error.message}`)
  else console.error(`error: this is a fault of Berth: ${error instanceof Error ? error.message : String(error)}`)
}
