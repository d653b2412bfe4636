/* oxlint-disable no-underscore-dangle -- the name is tRPC's */
import type { OpenApiMethod } from 'trpc-to-openapi'
import { appRouter } from './router.ts'
import type { Meta } from './trpc.ts'

/** A procedure that is public under /api/v1. */
export interface Operation {
  /** `machines.list` */
  readonly name: string
  readonly method: OpenApiMethod
  /** `/machines/{id}` */
  readonly path: string
  readonly status: 200 | 201
}

export const API_PREFIX = '/api/v1'

interface Declared {
  readonly _def: { readonly meta?: Meta }
}

/** Every public procedure: what REST serves and the OpenAPI document describes. */
export const operations: readonly Operation[] = Object.entries(
  appRouter._def.procedures as unknown as Readonly<Record<string, Declared>>,
).flatMap(([name, { _def }]) => {
  const openapi = _def.meta?.openapi
  if (openapi === undefined) return []
  return [{ name, method: openapi.method, path: openapi.path, status: _def.meta?.status ?? 200 }]
})
