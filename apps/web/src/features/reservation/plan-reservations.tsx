import { Card, CardHeader } from '@berth/ui/card'
import type { ReservationView } from '../../trpc/types.ts'
import { ReservationTable } from './reservation-table.tsx'

/** What was reserved of a saved plan, which by itself holds nothing. */
export function PlanReservations({ reservations }: { readonly reservations: readonly ReservationView[] }) {
  if (reservations.length === 0) return null
  return (
    <Card aria-label="Reservations">
      <CardHeader
        title="Reservations"
        description="What was reserved for this plan. The plan by itself holds nothing."
      />
      <div className="pb-2 pt-2">
        <ReservationTable reservations={reservations} />
      </div>
    </Card>
  )
}
