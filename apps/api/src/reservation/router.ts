import { notFound } from '../errors.ts'
import { procedure, router } from '../trpc.ts'
import { dryRunMove, extend, move, releaseReservation } from './change.ts'
import { createReservations, dryRun } from './create.ts'
import { driftOfReservation } from './drift.ts'
import { findReservation, listReservations } from './repository.ts'
import {
  createReservationInput,
  createReservationsInput,
  createReservationsOutput,
  dryRunOutput,
  extendReservationInput,
  listReservationsInput,
  listReservationsOutput,
  moveReservationInput,
  releaseReservationInput,
  reservationDetail,
  reservationInput,
  writtenReservation,
} from './schema.ts'
import { timeline } from './timeline.ts'
import { timelineInput, timelineOutput } from './timeline-schema.ts'
import { toViews } from './view.ts'

const tags = ['reservations']

export const reservationRouter = router({
  dryRun: procedure
    .meta({
      openapi: {
        method: 'POST',
        path: '/reservations/dry-run',
        tags,
        summary: 'What a reservation would take, and who stands in the way; nothing is saved',
      },
    })
    .input(createReservationInput)
    .output(dryRunOutput)
    .mutation(({ ctx, input, signal }) => dryRun(ctx, input, signal)),

  create: procedure
    .meta({
      openapi: { method: 'POST', path: '/reservations', tags, summary: 'Reserve memory of a machine' },
      status: 201,
    })
    .input(createReservationInput)
    .output(writtenReservation)
    .mutation(async ({ ctx, input: { message, ...asked }, signal }) => {
      const [written] = await createReservations(ctx, { reservations: [asked], message }, signal)
      return written!
    }),

  createMany: procedure
    .meta({
      openapi: {
        method: 'POST',
        path: '/reservations/many',
        tags,
        summary: 'Reserve memory of several machines; all of it or none',
      },
      status: 201,
    })
    .input(createReservationsInput)
    .output(createReservationsOutput)
    .mutation(async ({ ctx, input, signal }) => ({ reservations: await createReservations(ctx, input, signal) })),

  list: procedure
    .meta({
      openapi: { method: 'GET', path: '/reservations', tags, summary: 'List reservations, all or those that pass' },
    })
    .input(listReservationsInput)
    .output(listReservationsOutput)
    .query(async ({ ctx, input }) => {
      const now = new Date()
      const db = ctx.services.database.client
      const { items: reservations, nextCursor } = await listReservations(db, ctx.teamId, { ...input, now })
      return { items: await toViews(db, ctx.teamId, { reservations, now: now.getTime() }), nextCursor }
    }),

  timeline: procedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/reservations/timeline',
        tags,
        summary: 'How much of each machine’s places is reserved from when on, and by whom',
      },
    })
    .input(timelineInput)
    .output(timelineOutput)
    .query(({ ctx, input }) => timeline(ctx, input)),

  get: procedure
    .meta({ openapi: { method: 'GET', path: '/reservations/{id}', tags, summary: 'One reservation' } })
    .input(reservationInput)
    .output(reservationDetail)
    .query(async ({ ctx, input: { id }, signal }) => {
      const db = ctx.services.database.client
      const now = Date.now()
      const found = await findReservation(db, ctx.teamId, id)
      if (found === undefined) throw notFound('reservation', id)
      const [view] = await toViews(db, ctx.teamId, { reservations: [found], now })
      const drift = await driftOfReservation(ctx, found, { now, signal })
      return { ...view!, drift, inventoryIndex: found.inventoryIndex }
    }),

  extend: procedure
    .meta({
      openapi: {
        method: 'POST',
        path: '/reservations/{id}/extend',
        tags,
        summary: 'Let a reservation end later, or earlier',
      },
    })
    .input(extendReservationInput)
    .output(writtenReservation)
    .mutation(({ ctx, input }) => extend(ctx, input)),

  move: procedure
    .meta({
      openapi: {
        method: 'POST',
        path: '/reservations/{id}/move',
        tags,
        summary: 'Move a reservation to another machine, other places, other bytes or another time',
      },
    })
    .input(moveReservationInput)
    .output(writtenReservation)
    .mutation(({ ctx, input, signal }) => move(ctx, input, signal)),

  dryRunMove: procedure
    .meta({
      openapi: {
        method: 'POST',
        path: '/reservations/{id}/move/dry-run',
        tags,
        summary: 'What a move would take, and who stands in the way; nothing is saved',
      },
    })
    .input(moveReservationInput)
    .output(dryRunOutput)
    .mutation(({ ctx, input, signal }) => dryRunMove(ctx, input, signal)),

  release: procedure
    .meta({
      openapi: { method: 'POST', path: '/reservations/{id}/release', tags, summary: 'Give back what is reserved, now' },
    })
    .input(releaseReservationInput)
    .output(writtenReservation)
    .mutation(({ ctx, input }) => releaseReservation(ctx, input)),
})
