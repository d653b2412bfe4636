import { type CatalogueModel, catalogueHeader, catalogueModels } from '@berth/catalogue'
import { type Bytes, describeModel, formatBytes, type Mix } from '@berth/core'
import type { Command } from 'commander'
import { tableLines } from '../output/table.ts'

/** What most people download; some models are published in one mix of their own. */
const usualMixes: readonly Mix[] = ['Q4_K_M', 'MXFP4_MOE']

/** `berth models`: what can be planned for without any file. */
export function addModels(program: Command): void {
  program
    .command('models')
    .description('list the models of the built-in catalogue')
    .option('--json', 'print them as JSON')
    .action(listModels)
}

interface Row {
  readonly id: string
  readonly name: string
  readonly family: string
  readonly parameterCount: number
  readonly mix: Mix
  readonly weightBytes: Bytes
  readonly mixes: readonly Mix[]
}

function listModels({ json }: { readonly json?: true }): void {
  const rows = catalogueModels.map((model) => toRow(model))
  if (json) {
    console.log(JSON.stringify(rows, null, 2))
    return
  }
  const lines = tableLines<Row>(
    [
      { title: 'id', align: 'left', cell: ({ id }) => id },
      { title: 'name', align: 'left', cell: ({ name }) => name },
      { title: 'parameters', align: 'right', cell: ({ parameterCount }) => `${(parameterCount / 1e9).toFixed(1)} B` },
      { title: 'mix', align: 'left', cell: ({ mix }) => mix },
      { title: 'weights', align: 'right', cell: ({ weightBytes }) => formatBytes(weightBytes) },
    ],
    rows,
  )
  console.log(lines.join('\n'))
  console.log(`\nPlan one with --model catalogue:<id>:<mix>; --json lists every mix of each.`)
}

function toRow(model: CatalogueModel): Row {
  const { id, name, family, mixes } = model
  const mix = usualMixes.find((each) => mixes.includes(each)) ?? mixes[0]
  if (mix === undefined) throw new Error(`the catalogue's ${id} has no mix`)
  const described = describeModel(catalogueHeader(model, mix))
  if (!described.ok) throw new Error(`the catalogue's ${id} is no model: ${described.issue.code}`)
  const { parameterCount, weightBytes } = described.value
  return { id, name, family, parameterCount, mix, weightBytes, mixes }
}
