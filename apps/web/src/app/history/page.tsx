import { Button } from '@berth/ui/button'
import { Card, CardBody } from '@berth/ui/card'
import { EmptyState } from '@berth/ui/empty-state'
import { History } from 'lucide-react'
import type { Metadata } from 'next'
import Link from 'next/link'
import { notFound } from 'next/navigation'
import { ChangeList } from '../../features/history/change-list.tsx'
import { Page } from '../../features/shell/page.tsx'
import { paths } from '../../paths.ts'
import { load } from '../../trpc/server.ts'

export const metadata: Metadata = { title: 'History' }

const LIMIT = 25

/** The API takes no others. */
const MACHINE_ID = /^[\w-]{1,64}$/

interface Props {
  readonly searchParams: Promise<{ readonly machine?: string | readonly string[] }>
}

/** Of all machines, or of one: one that is removed has its history here alone. */
export default async function HistoryPage({ searchParams }: Props) {
  const { machine } = await searchParams
  const machineId = typeof machine === 'string' ? machine : undefined
  if (machineId !== undefined && !MACHINE_ID.test(machineId)) notFound()
  const first = await load((api) => api.history.list.query({ limit: LIMIT, ...(machineId && { machineId }) }))
  const newest = first.items[0]
  return (
    <Page
      title={machineId && newest ? `History of ${newest.machineName}` : 'History'}
      description={
        machineId && newest?.machineRemoved
          ? 'This machine has been removed. What was done to it is kept.'
          : 'Every change of a machine but measurements, the newest first.'
      }
      {...(machineId && { crumbs: [{ label: 'History', href: paths.history() }] })}
    >
      {newest ? (
        <Card aria-label="Changes">
          <CardBody className="pt-4">
            <ChangeList key={newest.id} first={first} limit={LIMIT} {...(machineId && { machineId })} />
          </CardBody>
        </Card>
      ) : (
        <NoChange machineId={machineId} />
      )}
    </Page>
  )
}

function NoChange({ machineId }: { readonly machineId: string | undefined }) {
  return (
    <EmptyState
      icon={<History />}
      title={machineId ? 'Nothing is known of this machine' : 'Nothing has changed yet'}
      actions={
        <Button asChild variant="primary">
          <Link href={machineId ? paths.history() : paths.machinesImport()}>
            {machineId ? 'History of all machines' : 'Add a machine'}
          </Link>
        </Button>
      }
    >
      <p>
        Every import, edit and removal of a machine leaves an entry here: what it was before, what it became, and why.
      </p>
    </EmptyState>
  )
}
