import { bytes, sumBytes } from '@berth/core'
import { ByteFigure } from '@berth/ui/byte-figure'
import { Card, CardBody, CardHeader } from '@berth/ui/card'
import { ReservationBadge } from '@berth/ui/reservation-state'
import { Table, TableBody, TableCell, TableHead, TableHeading, TableRow, TableRowHeading } from '@berth/ui/table'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { paths } from '../../paths.ts'
import type { ReservationView } from '../../trpc/types.ts'
import { When } from '../shell/when.tsx'
import { Moment } from './moment.tsx'

/** What is held, by whom, for what, and since when until when. */
export function ReservationDetail({ reservation }: { readonly reservation: ReservationView }) {
  return (
    <div className="grid items-start gap-5 lg:grid-cols-2">
      <Card aria-label="Facts">
        <CardBody className="pt-4">
          <Facts reservation={reservation} />
        </CardBody>
      </Card>
      <Card>
        <CardHeader title="Memory" description={memoryWords[reservation.state]} />
        <div className="pb-2 pt-2">
          <HeldTable reservation={reservation} />
        </div>
      </Card>
    </div>
  )
}

const memoryWords = {
  planned: 'Promised for later: from its start on no other reservation gets it.',
  active: 'Promised now: no other reservation gets it. What is really used there is measured, not reserved.',
  expired: 'What it held. Its time is over, and it holds nothing.',
  released: 'What it held. It was given back, and it holds nothing.',
} as const satisfies Record<ReservationView['state'], string>

function Facts({ reservation }: { readonly reservation: ReservationView }) {
  const { state, owner, machine, plan, model, engine, startsAt, endsAt, releasedAt } = reservation
  return (
    <dl className="grid grid-cols-2 gap-x-4 gap-y-3.5 sm:grid-cols-3 lg:grid-cols-2">
      <Fact term="State">
        <ReservationBadge state={state} />
      </Fact>
      <Fact term="Owner">{owner}</Fact>
      <Fact term="Machine">
        <To href={paths.machine(machine.id)}>{machine.name}</To>
      </Fact>
      <Fact term="Made of">
        {plan === null ? madeOf(reservation) : <To href={paths.savedPlan(plan.id)}>{plan.name}</To>}
      </Fact>
      {model !== null && <Fact term="Model">{model}</Fact>}
      {engine !== null && <Fact term="Engine">{engine}</Fact>}
      <Fact term="From">
        <Moment time={startsAt} />
      </Fact>
      <Fact term={releasedAt === null ? 'Until' : 'Would have ended'}>
        {endsAt === null ? 'open-ended' : <Moment time={endsAt} />}
      </Fact>
      {releasedAt !== null && (
        <Fact term="Released">
          <Moment time={releasedAt} />
        </Fact>
      )}
      <Fact term="Made">
        <When time={reservation.createdAt} />
      </Fact>
      <Fact term="Changed">
        <When time={reservation.updatedAt} />, <To href={paths.history(machine.id)}>history</To>
      </Fact>
    </dl>
  )
}

const madeOf = ({ model }: ReservationView): string => (model === null ? 'bytes given by hand' : 'an unsaved plan')

function To({ href, children }: { readonly href: string; readonly children: ReactNode }) {
  return (
    <Link href={href} className="rounded-sm text-accent underline">
      {children}
    </Link>
  )
}

function Fact({ term, children }: { readonly term: string; readonly children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-tertiary">{term}</dt>
      <dd className="mt-0.5 break-words font-medium tabular-nums">{children}</dd>
    </div>
  )
}

function HeldTable({ reservation: { memory } }: { readonly reservation: ReservationView }) {
  return (
    <Table label="What it holds" cards>
      <TableHead>
        <TableRow>
          <TableHeading>Place</TableHeading>
          <TableHeading numeric>Reserved</TableHeading>
        </TableRow>
      </TableHead>
      <TableBody>
        {memory.map(({ name, bytes: size }) => (
          <TableRow key={name}>
            <TableRowHeading>{name}</TableRowHeading>
            <TableCell data-label="Reserved" numeric>
              <ByteFigure bytes={bytes(size)} />
            </TableCell>
          </TableRow>
        ))}
        {memory.length > 1 && (
          <TableRow>
            <TableRowHeading>In all</TableRowHeading>
            <TableCell data-label="Reserved" numeric className="font-medium">
              <ByteFigure bytes={sumBytes(memory.map(({ bytes: size }) => bytes(size)))} />
            </TableCell>
          </TableRow>
        )}
      </TableBody>
    </Table>
  )
}
