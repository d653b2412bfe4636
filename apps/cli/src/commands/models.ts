import { type CatalogueModel, catalogueHeader, catalogueModels } from '@berth/catalogue'
import { describeModel, formatBytes, type Mix } from '@berth/core'
import type { Command } from 'commander'
import { tableLines } from '../output/table.ts'

/** The mix most people download; its size stands for the model's. */
const SHOWN_MIX: Mix = 'Q4_K_M'

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
  readonly weightBytes: number
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
      { title: SHOWN_MIX, align: 'right', cell: ({ weightBytes }) => formatBytes(weightBytes) },
    ],
    rows,
  )
  console.log(lines.join('\n'))
  console.log(`\nPlan one with --model catalogue:<id>:<mix>, for example catalogue:${rows[0]?.id}:${SHOWN_MIX}`)
}

function toRow(model: CatalogueModel) {
  const described = describeModel(catalogueHeader(model, SHOWN_MIX))
  if (!described.ok) throw new Error(`the catalogue's ${model.id} is no model: ${described.issue.code}`)
  const { parameterCount, weightBytes } = described.value
  return { id: model.id, name: model.name, family: model.family, parameterCount, weightBytes }
}
