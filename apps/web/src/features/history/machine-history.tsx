import { Card, CardBody, CardHeader } from '@berth/ui/card'
import type { ChangePage } from '../../trpc/types.ts'
import { ChangeList } from './change-list.tsx'

/** What a machine's page shows at first. */
export const RECENT_CHANGES = 5

/** What was done to one machine. A machine of before there was a history may have none. */
export function MachineHistory({ machineId, first }: { readonly machineId: string; readonly first: ChangePage }) {
  return (
    <Card aria-label="History">
      <CardHeader title="History" description="Every change but measurements, the newest first." />
      <CardBody>
        {first.items.length === 0 ? (
          <p className="text-sm text-secondary">Nothing has changed since the history is kept.</p>
        ) : (
          // A new change begins the list anew.
          <ChangeList key={first.items[0]?.id} first={first} limit={RECENT_CHANGES} machineId={machineId} />
        )}
      </CardBody>
    </Card>
  )
}
