'use client'

import { groupThousands } from '@berth/core'
import { ByteFigure } from '@berth/ui/byte-figure'
import { Card } from '@berth/ui/card'
import { Table, TableBody, TableCell, TableHead, TableHeading, TableRow, TableRowHeading } from '@berth/ui/table'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { paths } from '../../paths.ts'
import type { ModelView } from '../../trpc/types.ts'
import { When } from '../shell/when.tsx'
import type { CatalogueEntry } from './catalogue-entry.ts'
import { parameters } from './model-figures.ts'

export function StoredTable({ models }: { readonly models: readonly ModelView[] }) {
  return (
    <Card>
      <Table label="Stored models" cards>
        <TableHead>
          <TableRow>
            <TableHeading>Model</TableHeading>
            <TableHeading>Architecture</TableHeading>
            <TableHeading numeric>Parameters</TableHeading>
            <TableHeading>Type</TableHeading>
            <TableHeading numeric>File</TableHeading>
            <TableHeading numeric>Trained context</TableHeading>
            <TableHeading>Imported</TableHeading>
          </TableRow>
        </TableHead>
        <TableBody>
          {models.map((model) => (
            <TableRow key={model.id} className="relative hover:bg-hover">
              <RowName href={paths.model(model.id)} name={model.name} detail={model.fileName} />
              <TableCell data-label="Architecture">{model.architecture}</TableCell>
              <TableCell data-label="Parameters" numeric>
                {parameters(model.parameterCount)}
              </TableCell>
              <TableCell data-label="Type">
                <code className="font-mono text-xs">{model.mainType}</code>
              </TableCell>
              <TableCell data-label="File" numeric>
                <ByteFigure bytes={model.fileBytes} focusable={false} />
              </TableCell>
              <TableCell data-label="Trained context" numeric>
                {groupThousands(model.contextLengthTrained)}
              </TableCell>
              <TableCell data-label="Imported" className="text-secondary">
                <When time={model.createdAt} />
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Card>
  )
}

export function CatalogueTable({ models }: { readonly models: readonly CatalogueEntry[] }) {
  return (
    <Card>
      <Table label="Catalogue" cards>
        <TableHead>
          <TableRow>
            <TableHeading>Model</TableHeading>
            <TableHeading>Family</TableHeading>
            <TableHeading>Publisher</TableHeading>
            <TableHeading numeric>Parameters</TableHeading>
            <TableHeading numeric>Trained context</TableHeading>
            <TableHeading numeric>Mixes</TableHeading>
          </TableRow>
        </TableHead>
        <TableBody>
          {models.map((model) => (
            <TableRow key={model.id} className="relative hover:bg-hover">
              <RowName href={paths.catalogueModel(model.id)} name={model.name} />
              <TableCell data-label="Family">{model.family}</TableCell>
              <TableCell data-label="Publisher" className="text-secondary">
                {model.publisher}
              </TableCell>
              <TableCell data-label="Parameters" numeric>
                {model.parameters}
              </TableCell>
              <TableCell data-label="Trained context" numeric>
                {groupThousands(model.contextLengthTrained)}
              </TableCell>
              <TableCell data-label="Mixes" numeric>
                {model.mixes.length}
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Card>
  )
}

function RowName({
  href,
  name,
  detail,
}: {
  readonly href: string
  readonly name: ReactNode
  readonly detail?: string
}) {
  return (
    <TableRowHeading>
      <Link href={href} className="break-words rounded-sm after:absolute after:inset-0 hover:underline">
        {name}
      </Link>
      {detail && <span className="block break-all text-xs font-normal text-tertiary">{detail}</span>}
    </TableRowHeading>
  )
}
