import {
  type DescribeIssue,
  explainDescribeIssue,
  explainUndescribed,
  type GgufHeader,
  type Model,
  type Result,
} from '@berth/core'
import { BlockHistogram } from '@berth/ui/block-histogram'
import { ByteFigure } from '@berth/ui/byte-figure'
import { Callout } from '@berth/ui/callout'
import { Card, CardBody, CardHeader } from '@berth/ui/card'
import { ShareBar } from '@berth/ui/share-bar'
import { Table, TableBody, TableCell, TableHead, TableHeading, TableRow, TableRowHeading } from '@berth/ui/table'
import { Hyperparameters } from './hyperparameters.tsx'
import { memoryAnswer } from './memory-answer.ts'
import { type MemoryInputs, memoryRequestOf } from './memory-inputs.ts'
import { MetadataTable } from './metadata-table.tsx'
import { bytesByBlock, tensorsByType } from './model-figures.ts'
import { ModelMemorySection, type ModelMemoryProps } from './model-memory.tsx'

/** What a header says: the same for a stored model and one of the catalogue. */
export function ModelDetailView({
  header,
  described,
  inputs,
  planned,
}: {
  readonly header: GgufHeader
  readonly described: Result<Model, DescribeIssue>
  /** What the memory is asked for. */
  readonly inputs: MemoryInputs
  readonly planned: ModelMemoryProps['planned']
}) {
  const request = memoryRequestOf(inputs)
  return (
    <>
      {!described.ok && (
        <Callout tone="error" title="This model cannot be planned.">
          {explainDescribeIssue(described.issue)}
        </Callout>
      )}
      {described.ok && (
        <>
          {!described.value.described && (
            <Callout tone="warning" title={`The architecture ${described.value.architecture} is not described yet.`}>
              {explainUndescribed(described.value)}
            </Callout>
          )}
          <Hyperparameters model={described.value} />
          <ModelMemorySection
            header={header}
            trainedContext={described.value.contextLengthTrained}
            first={{ request, answer: memoryAnswer(described.value, request) }}
            planned={planned}
          />
          <Layers header={header} model={described.value} />
        </>
      )}
      <TensorTypes header={header} />
      <MetadataTable header={header} />
    </>
  )
}

function Layers({ header, model }: { readonly header: GgufHeader; readonly model: Model }) {
  const { blocks, beside } = bytesByBlock(header, model.blockCount)
  const columns = blocks.map((size, block) => ({
    label: `Block ${block}`,
    bytes: size,
    marked: model.windowed[block] ?? false,
  }))
  const windowed = model.windowed.some(Boolean)
  return (
    <Card>
      <CardHeader
        title="Weights by block"
        description={`${model.blockCount} blocks in order, from zero.${windowed ? ' Hatched blocks attend to a window only.' : ''}`}
      />
      <CardBody className="grid gap-4">
        <BlockHistogram title="Weights by block" blocks={columns} />
        <details>
          <summary className="w-fit rounded-sm text-xs text-secondary hover:text-ink">The same as a table</summary>
          <div className="mt-2 max-h-72 overflow-y-auto">
            <Table label="Weights by block" flush className="text-xs">
              <TableHead>
                <TableRow>
                  <TableHeading>Block</TableHeading>
                  <TableHeading>Attention</TableHeading>
                  <TableHeading numeric>Weights</TableHeading>
                </TableRow>
              </TableHead>
              <TableBody>
                {columns.map(({ label, bytes, marked }) => (
                  <TableRow key={label}>
                    <TableRowHeading className="py-1 font-normal">{label}</TableRowHeading>
                    <TableCell className="py-1 text-secondary">{marked ? 'window' : 'full'}</TableCell>
                    <TableCell numeric className="py-1">
                      <ByteFigure bytes={bytes} focusable={false} />
                    </TableCell>
                  </TableRow>
                ))}
              </TableBody>
            </Table>
          </div>
        </details>
        <div className="grid gap-1.5">
          <h3 className="text-xs font-medium text-secondary">In no block</h3>
          <ul className="flex flex-wrap gap-x-5 gap-y-1 text-xs">
            {beside.map(({ name, bytes }) => (
              <li key={name} className="flex gap-1.5">
                <code className="break-all font-mono text-secondary">{name}</code>
                <ByteFigure bytes={bytes} focusable={false} />
              </li>
            ))}
          </ul>
        </div>
      </CardBody>
    </Card>
  )
}

function TensorTypes({ header }: { readonly header: GgufHeader }) {
  return (
    <Card>
      <CardHeader title="Tensors by type" description={`${header.tensors.length} tensors.`} />
      <div className="pb-2 pt-2">
        <Table label="Tensors by type">
          <TableHead>
            <TableRow>
              <TableHeading>Type</TableHeading>
              <TableHeading numeric>Tensors</TableHeading>
              <TableHeading numeric>Bytes</TableHeading>
              <TableHeading className="w-1/3">Share</TableHeading>
            </TableRow>
          </TableHead>
          <TableBody>
            {tensorsByType(header).map(({ type, tensors, bytes, share }) => (
              <TableRow key={type}>
                <TableRowHeading>
                  <code className="font-mono text-xs">{type}</code>
                </TableRowHeading>
                <TableCell numeric>{tensors}</TableCell>
                <TableCell numeric>
                  <ByteFigure bytes={bytes} />
                </TableCell>
                <TableCell>
                  <span className="flex items-center gap-2">
                    <ShareBar share={share} />
                    <span className="shrink-0 whitespace-nowrap text-right sm:w-14 text-xs text-secondary tabular-nums">
                      {(share * 100).toFixed(1)} %
                    </span>
                  </span>
                </TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      </div>
    </Card>
  )
}
