import { readText } from '../input/read-text.ts'
import { askServer, readAnswer, type ServerOptions } from '../input/server.ts'
import { Failure, printable } from '../failure.ts'

export interface ServerImport extends ServerOptions {
  readonly name?: string
  readonly save?: true
  readonly message?: string
}

interface Difference {
  readonly path: string
  readonly before: string | null
  readonly after: string | null
}

/** What of the API's answer is shown. */
interface Preview {
  readonly machines: readonly {
    readonly machine: { readonly name: string }
    readonly change: 'new' | 'changed' | 'unchanged' | 'name-taken'
    readonly differences: readonly Difference[]
  }[]
  readonly warnings: readonly { readonly message: string }[]
}

/** Shows what an import would change on a server, and with `--save` lets it: all machines of the text, or none. */
export async function importToServer(path: string, options: ServerImport): Promise<void> {
  const text = await readText(path, 'import')
  const { name, message, save } = options
  const body = { text, ...(name !== undefined && { hostName: name }) }
  const preview = await ask(options, '/machines/import/preview', body)
  for (const warning of preview.warnings) console.error(`warning: ${printable(warning.message, 400)}`)
  for (const line of preview.machines.flatMap(linesOf)) console.log(line)
  const taken = preview.machines.filter(({ change }) => change === 'name-taken')
  if (taken.length > 0) {
    const names = taken.map(({ machine }) => machine.name).join(', ')
    throw new Failure(`import: other machines are called ${printable(names, 400)}: give another name by --name`)
  }
  if (!save) {
    console.error('Nothing was saved: add --save.')
    return
  }
  const saved = await ask(options, '/machines/import', { ...body, ...(message !== undefined && { message }) })
  console.error(saved.machines.length === 1 ? 'Saved one machine.' : `Saved ${saved.machines.length} machines.`)
}

async function ask(options: ServerOptions, path: string, body: object): Promise<Preview> {
  const answer = await readAnswer(await askServer(options, path, [], body))
  if (!('machines' in answer && Array.isArray(answer.machines) && 'warnings' in answer)) {
    throw new Failure('--url: the server answers, and not as Berth does')
  }
  return answer as Preview
}

const linesOf = ({ machine, change, differences }: Preview['machines'][number]): readonly string[] => [
  `${change.padEnd(10)} ${printable(machine.name)}`,
  ...differences.map(({ path, before, after }) => `  ${printable(`${path}: ${before ?? '–'} → ${after ?? '–'}`, 300)}`),
]
