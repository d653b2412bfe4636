'use client'

import type { ModelMemory } from '@berth/core'
import { Button } from '@berth/ui/button'
import { Table, TableBody, TableHead, TableHeading, TableRow } from '@berth/ui/table'
import { Fragment, useState } from 'react'
import { FigureRow, GroupRow, TotalRows } from './memory-rows.tsx'

/** Every figure of a model's memory on one GPU and in host memory; each opens to its formula. */
export function MemoryTable({ memory }: { readonly memory: ModelMemory }) {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const ids = rowIds(memory)
  const toggle = (id: string) =>
    setOpen((before) => new Set(before.has(id) ? [...before].filter((one) => one !== id) : [...before, id]))
  const allOpen = ids.every((id) => open.has(id))
  return (
    <div className="grid gap-1">
      <div className="flex flex-wrap items-center justify-between gap-x-4 px-4 sm:px-5">
        <p className="text-xs text-secondary">Each figure opens to its formula, with the numbers put in.</p>
        <Button variant="ghost" size="sm" className="-mr-2.5" onClick={() => setOpen(new Set(allOpen ? [] : ids))}>
          {allOpen ? 'Close every formula' : 'Open every formula'}
        </Button>
      </div>
      <Table label="Memory of the model" cards>
        <TableHead>
          <TableRow>
            <TableHeading className="w-full">Figure</TableHeading>
            <TableHeading numeric>One GPU</TableHeading>
            <TableHeading numeric>Host memory</TableHeading>
            <TableHeading>Certainty</TableHeading>
          </TableRow>
        </TableHead>
        <TableBody>
          {memory.groups.map((group) => (
            <Fragment key={group.part}>
              <GroupRow group={group} open={open.has(group.part)} onToggle={() => toggle(group.part)} />
              {group.figures.map((figure) => (
                <FigureRow
                  key={figure.id}
                  figure={figure}
                  open={open.has(figure.id)}
                  onToggle={() => toggle(figure.id)}
                />
              ))}
              {group.part === 'context' && (
                <FigureRow
                  figure={memory.perToken}
                  open={open.has(memory.perToken.id)}
                  onToggle={() => toggle(memory.perToken.id)}
                  beside
                />
              )}
            </Fragment>
          ))}
          <TotalRows total={memory.total} />
        </TableBody>
      </Table>
    </div>
  )
}

const rowIds = ({ groups, perToken }: ModelMemory): readonly string[] => [
  ...groups.flatMap((group) => [...(group.formula ? [group.part] : []), ...group.figures.map(({ id }) => id)]),
  perToken.id,
]
