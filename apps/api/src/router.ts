import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server'
import { capacityRouter } from './capacity/router.ts'
import { catalogueRouter } from './catalogue/router.ts'
import { driftRouter } from './drift/router.ts'
import { engineRouter } from './engine/router.ts'
import { fleetRouter } from './matrix/router.ts'
import { historyRouter } from './history/router.ts'
import { machineRouter } from './machine/router.ts'
import { modelRouter } from './model/router.ts'
import { packingRouter } from './packing/router.ts'
import { planRouter } from './plan/router.ts'
import { tokenRouter } from './token/router.ts'
import { teamRouter } from './team/router.ts'
import { reservationRouter } from './reservation/router.ts'
import { router } from './trpc.ts'
import { viewRouter } from './view/router.ts'

export const appRouter = router({
  machines: machineRouter,
  history: historyRouter,
  models: modelRouter,
  plans: planRouter,
  fleet: fleetRouter,
  packing: packingRouter,
  reservations: reservationRouter,
  drift: driftRouter,
  catalogue: catalogueRouter,
  engines: engineRouter,
  team: teamRouter,
  views: viewRouter,
  tokens: tokenRouter,
  capacity: capacityRouter,
})

export type AppRouter = typeof appRouter
export type RouterInputs = inferRouterInputs<AppRouter>
export type RouterOutputs = inferRouterOutputs<AppRouter>
export type { ErrorCode, FieldProblem, Problem } from './errors.ts'
