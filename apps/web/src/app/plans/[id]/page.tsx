import { catalogueSource, groupThousands } from '@berth/core'
import { Button } from '@berth/ui/button'
import type { Metadata } from 'next'
import Link from 'next/link'
import { cache } from 'react'
import { isExllama } from '../../../features/plan/engine-choice.ts'
import { storedSource } from '../../../features/plan/model-source.ts'
import { RemovePlan } from '../../../features/plan/plan-actions.tsx'
import { plannerPathOf } from '../../../features/plan/planner-path.ts'
import { SavedPlan } from '../../../features/plan/saved-plan.tsx'
import { PlanReservations } from '../../../features/reservation/plan-reservations.tsx'
import { ReservePlan } from '../../../features/reservation/reserve-plan.tsx'
import { Page } from '../../../features/shell/page.tsx'
import { paths } from '../../../paths.ts'
import { load } from '../../../trpc/server.ts'
import type { PlanDetail } from '../../../trpc/types.ts'

interface Props {
  readonly params: Promise<{ readonly id: string }>
}

const planOf = cache((id: string) => load((api) => api.plans.get.query({ id })))

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await planOf((await params).id)).name }
}

/** In the words of the engine. */
const cacheOf = ({ engine, request }: PlanDetail): string =>
  isExllama(engine) ? `cache ${request.exl2Cache ?? 'FP16'}` : `KV cache ${request.cacheTypeK}/${request.cacheTypeV}`

export default async function SavedPlanPage({ params }: Props) {
  const plan = await planOf((await params).id)
  const { model, request } = plan
  const [machine, reservations, source] = await load((api) =>
    Promise.all([
      api.machines.get.query({ id: plan.machineId }),
      api.reservations.list.query({ planId: plan.id }),
      model.kind === 'catalogue'
        ? catalogueSource(model.id, model.mix)
        : api.models.get.query({ id: model.id }).then(storedSource),
    ]),
  )
  const { rawText: _, ...shown } = machine
  return (
    <Page
      wide
      title={plan.name}
      description={`${plan.modelName} on ${plan.machineName}, context ${groupThousands(request.contextLength)}, ${request.parallel} ${request.parallel === 1 ? 'slot' : 'slots'}, ${cacheOf(plan)}`}
      crumbs={[{ label: 'Saved plans', href: paths.plans() }]}
      actions={
        <>
          <Button asChild>
            <Link href={plannerPathOf(plan, shown)}>Open in the planner</Link>
          </Button>
          <ReservePlan
            variant="primary"
            what={{ kind: 'plan', planId: plan.id }}
            machineName={plan.machineName}
            suggestion={plan.name}
          />
          <RemovePlan plan={plan} />
        </>
      }
    >
      <PlanReservations reservations={reservations.items} />
      <SavedPlan plan={plan} machine={shown} source={source} />
    </Page>
  )
}
