'use client'

import { Badge } from '@berth/ui/badge'
import { ByteFigure } from '@berth/ui/byte-figure'
import { Card } from '@berth/ui/card'
import { Input } from '@berth/ui/input'
import { Table, TableBody, TableCell, TableHead, TableHeading, TableRow, TableRowHeading } from '@berth/ui/table'
import Link from 'next/link'
import { parseAsString, useQueryState } from 'nuqs'
import { paths } from '../../paths.ts'
import type { MachineView } from '../../trpc/types.ts'
import { devicesSummary } from '../plan/verdict-view.ts'
import { ReadWhen, StaleBadge } from './freshness.tsx'
import { isMeasured, memoryFree, memoryTotal } from './machine-figures.ts'
import { MaintenanceBadge } from './maintenance.tsx'

/** From this many on a search is quicker than looking. */
const SEARCH_FROM = 6

export function MachineTable({ machines }: { readonly machines: readonly MachineView[] }) {
  const [search, setSearch] = useQueryState('q', parseAsString.withDefault('').withOptions({ history: 'replace' }))
  const needle = search.toLowerCase()
  const found = machines.filter((machine) =>
    `${machine.name} ${devicesSummary(machine)}`.toLowerCase().includes(needle),
  )
  return (
    <div className="grid gap-3">
      {machines.length >= SEARCH_FROM && (
        <Input
          type="search"
          aria-label="Search machines"
          placeholder="Name or GPU"
          className="sm:max-w-72"
          value={search}
          onChange={(event) => void setSearch(event.target.value || null)}
        />
      )}
      <Card>
        <Table label="Machines" cards>
          <TableHead>
            <TableRow>
              <TableHeading>Machine</TableHeading>
              <TableHeading>GPUs</TableHeading>
              <TableHeading numeric>GPU memory</TableHeading>
              <TableHeading numeric>Free when measured</TableHeading>
              <TableHeading numeric>RAM</TableHeading>
              <TableHeading>Read</TableHeading>
            </TableRow>
          </TableHead>
          <TableBody>
            {found.map((machine) => (
              <MachineRow key={machine.id} machine={machine} />
            ))}
          </TableBody>
        </Table>
        {found.length === 0 && <p className="p-6 text-center text-secondary">No machine matches “{search}”.</p>}
      </Card>
    </div>
  )
}

function MachineRow({ machine }: { readonly machine: MachineView }) {
  const free = memoryFree(machine)
  return (
    <TableRow className="relative hover:bg-hover">
      <TableRowHeading>
        <span className="flex flex-wrap items-center gap-2">
          <Link
            href={paths.machine(machine.id)}
            className="break-words rounded-sm after:absolute after:inset-0 hover:underline"
          >
            {machine.name}
          </Link>
          {machine.sample && <Badge>sample</Badge>}
          {!machine.sample && !isMeasured(machine) && (
            <Badge data-tip="No tool on it was read: its figures are the catalogue’s, or typed in.">not measured</Badge>
          )}
          <MaintenanceBadge maintenance={machine.maintenance} />
          <StaleBadge machine={machine} />
        </span>
      </TableRowHeading>
      <TableCell data-label="GPUs" className="text-secondary">
        {devicesSummary(machine) || 'none'}
      </TableCell>
      <TableCell data-label="GPU memory" numeric>
        <ByteFigure bytes={memoryTotal(machine)} focusable={false} />
      </TableCell>
      <TableCell data-label="Free when measured" numeric>
        {free === undefined ? <NotMeasured /> : <ByteFigure bytes={free} focusable={false} />}
      </TableCell>
      <TableCell data-label="RAM" numeric>
        {machine.hostMemoryTotal === undefined ? (
          <NotMeasured />
        ) : (
          <ByteFigure bytes={machine.hostMemoryTotal} focusable={false} />
        )}
      </TableCell>
      <TableCell data-label="Read" className="text-secondary">
        <ReadWhen machine={machine} />
      </TableCell>
    </TableRow>
  )
}

const NotMeasured = () => (
  <span className="text-tertiary" data-tip="No tool that was read prints it.">
    unknown
  </span>
)
