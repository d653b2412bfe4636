import { paths } from '../../paths.ts'
import type { ReservationDetailView } from '../../trpc/types.ts'
import { DriftCallout } from './drift-callout.tsx'

/** What is reserved is moved by the actions of the page, or made anew of its plan. */
export const ReservationDrift = ({ reservation }: { readonly reservation: ReservationDetailView }) => {
  const { drift, plan } = reservation
  return (
    <DriftCallout
      drift={drift}
      linkOf={() => (plan === null ? undefined : { label: 'Open its plan', href: paths.savedPlan(plan.id) })}
    />
  )
}
