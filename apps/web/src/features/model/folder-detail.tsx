import { type Exl2Figures, exl2Figures, type Exl2Model, groupThousands } from '@berth/core'
import { BlockHistogram } from '@berth/ui/block-histogram'
import { ByteFigure } from '@berth/ui/byte-figure'
import { Callout } from '@berth/ui/callout'
import { Card, CardBody, CardHeader } from '@berth/ui/card'
import { Table, TableBody, TableCell, TableHead, TableHeading, TableRow, TableRowHeading } from '@berth/ui/table'
import { FolderFacts } from './folder-facts.tsx'

/** What a folder of EXL2 or EXL3 holds, and what it takes. */
export function FolderDetailView({
  model,
  parameterCount,
}: {
  readonly model: Exl2Model
  readonly parameterCount: number
}) {
  const { parts, blocks, caches } = exl2Figures(model)
  return (
    <>
      {!model.described && (
        <Callout tone="warning" title={`The architecture ${model.architecture} is not described yet.`}>
          It is planned as a Llama of its sizes, and its figures are marked as assumed.
        </Callout>
      )}
      <FolderFacts model={model} parameterCount={parameterCount} />
      <Caches model={model} caches={caches} />
      <Parts parts={parts} />
      <Card>
        <CardHeader
          title="Weights by block"
          description={`${blocks.length} blocks in order, from zero, once loaded.`}
        />
        <CardBody>
          <BlockHistogram
            title="Weights by block"
            blocks={blocks.map((bytes, block) => ({ label: `Block ${block}`, bytes, marked: false }))}
          />
        </CardBody>
      </Card>
    </>
  )
}

function Caches({ model, caches }: { readonly model: Exl2Model; readonly caches: Exl2Figures['caches'] }) {
  const trained = `${groupThousands(model.contextLengthTrained)} tokens`
  return (
    <Card>
      <CardHeader
        title="Cache"
        description={`What keys and values take in every mode; without a context of your own it is made for ${trained}.`}
      />
      <div className="pb-2 pt-2">
        <Table label="Cache" cards>
          <TableHead>
            <TableRow>
              <TableHeading>Mode</TableHeading>
              <TableHeading numeric>A token</TableHeading>
              <TableHeading numeric>{trained}</TableHeading>
              <TableHeading numeric>To work on, a GPU</TableHeading>
            </TableRow>
          </TableHead>
          <TableBody>
            {caches.map(({ mode, bytesPerToken, trained: all, work }) => (
              <TableRow key={mode}>
                <TableRowHeading>{mode}</TableRowHeading>
                <TableCell data-label="A token" numeric>
                  {groupThousands(bytesPerToken)} B
                </TableCell>
                <TableCell data-label={trained} numeric>
                  <ByteFigure bytes={all} />
                </TableCell>
                <TableCell data-label="To work on, a GPU" numeric>
                  {work > 0 ? <ByteFigure bytes={work} /> : 'nothing'}
                </TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      </div>
    </Card>
  )
}

const partNames = {
  embedding: 'Embedding, in host memory',
  attention: 'Attention',
  'feed-forward': 'Feed forward',
  norm: 'Last norm',
  head: 'Output layer',
} as const satisfies Record<Exl2Figures['parts'][number]['name'], string>

function Parts({ parts }: { readonly parts: Exl2Figures['parts'] }) {
  return (
    <Card>
      <CardHeader title="Weights by module" description="In the files, and once the engine has loaded them." />
      <div className="pb-2 pt-2">
        <Table label="Weights by module" cards>
          <TableHead>
            <TableRow>
              <TableHeading>Module</TableHeading>
              <TableHeading numeric>In the files</TableHeading>
              <TableHeading numeric>Loaded</TableHeading>
            </TableRow>
          </TableHead>
          <TableBody>
            {parts.map(({ name, stored, loaded }) => (
              <TableRow key={name}>
                <TableRowHeading>{partNames[name]}</TableRowHeading>
                <TableCell data-label="In the files" numeric>
                  <ByteFigure bytes={stored} />
                </TableCell>
                <TableCell data-label="Loaded" numeric>
                  <ByteFigure bytes={loaded} />
                </TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      </div>
    </Card>
  )
}
