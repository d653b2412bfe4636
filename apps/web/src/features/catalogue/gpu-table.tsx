import { Badge } from '@berth/ui/badge'
import { Button } from '@berth/ui/button'
import { ByteFigure } from '@berth/ui/byte-figure'
import { Card } from '@berth/ui/card'
import { Table, TableBody, TableCell, TableHead, TableHeading, TableRow, TableRowHeading } from '@berth/ui/table'
import { Plus } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { paths } from '../../paths.ts'
import type { CatalogueGpuView } from '../../trpc/types.ts'
import { pcieSentence } from '../machine/machine-figures.ts'
import { bandwidthOf, flopsOf, memorySources, nominalMemory } from './gpu-figures.ts'

const unknown = <span className="text-tertiary">unknown</span>

/** Every GPU found, each figure with where it comes from. */
export function GpuTable({ gpus }: { readonly gpus: readonly CatalogueGpuView[] }) {
  return (
    <Card>
      <Table label="GPUs" cards>
        <TableHead>
          <TableRow>
            <TableHeading>GPU</TableHeading>
            <TableHeading>Memory</TableHeading>
            <TableHeading numeric>Bandwidth</TableHeading>
            <TableHeading numeric>FP16, dense</TableHeading>
            <TableHeading>PCIe</TableHeading>
            <TableHeading numeric>Power</TableHeading>
            <TableHeading>Source</TableHeading>
            <TableHeading>
              <span className="sr-only">Action</span>
            </TableHeading>
          </TableRow>
        </TableHead>
        <TableBody>
          {gpus.map((gpu) => (
            <GpuRow key={gpu.id} gpu={gpu} />
          ))}
        </TableBody>
      </Table>
    </Card>
  )
}

function GpuRow({ gpu }: { readonly gpu: CatalogueGpuView }) {
  const { name, unified, memoryReported, fp16FlopsPerSecond, linkBytesPerSecond } = gpu
  return (
    <TableRow className="align-top">
      <TableRowHeading className="min-w-48">
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="break-words">{name}</span>
          {unified && <Badge data-tip="It uses the machine’s own memory.">unified</Badge>}
        </span>
        <Small>{[gpu.backend, gpu.architecture].filter(Boolean).join(', ')}</Small>
      </TableRowHeading>
      <TableCell data-label="Memory" className="min-w-36">
        <div>
          {nominalMemory(gpu)}
          <Small>
            {memoryReported === undefined ? (
              memorySources.varies
            ) : (
              <span data-tip={memorySources[gpu.memorySource]}>
                <ByteFigure bytes={memoryReported} focusable={false} /> reported, {gpu.memorySource}
              </span>
            )}
          </Small>
        </div>
      </TableCell>
      <TableCell data-label="Bandwidth" numeric className="whitespace-nowrap">
        {bandwidthOf(gpu.memoryBandwidthBytesPerSecond)}
      </TableCell>
      <TableCell data-label="FP16, dense" numeric className="whitespace-nowrap">
        {fp16FlopsPerSecond === undefined ? unknown : flopsOf(fp16FlopsPerSecond)}
      </TableCell>
      <TableCell data-label="PCIe" className="whitespace-nowrap">
        <div>
          {pcieSentence(gpu) ?? <span className="text-tertiary">none</span>}
          {linkBytesPerSecond > 0 && (
            <Small>
              <span data-tip="Both directions together, the whole card.">
                {bandwidthOf(linkBytesPerSecond)} between GPUs
              </span>
            </Small>
          )}
        </div>
      </TableCell>
      <TableCell data-label="Power" numeric className="whitespace-nowrap">
        {gpu.powerWatts} W
      </TableCell>
      <TableCell data-label="Source" className="min-w-44 break-words text-xs text-secondary">
        <div>
          {gpu.source}
          {gpu.note && <Small>{gpu.note}</Small>}
        </div>
      </TableCell>
      <TableCell data-label="" className="sm:text-right">
        <Button asChild size="sm">
          <Link
            href={paths.machineFromCatalogue(gpu.id)}
            aria-label={`Add a machine with ${name}, ${nominalMemory(gpu)}`}
          >
            <Plus aria-hidden /> Add a machine with this
          </Link>
        </Button>
      </TableCell>
    </TableRow>
  )
}

const Small = ({ children }: { readonly children: ReactNode }) => (
  <span className="block text-xs font-normal text-tertiary">{children}</span>
)
