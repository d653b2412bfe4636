import type { FastifyInstance } from 'fastify'
import type { z } from 'zod'
import { exportFleet } from '../machine/fleet.ts'
import { exportInput } from '../machine/filter-schema.ts'
import { type MakeContext, queryOf } from '../rest.ts'
import { invalidInput } from '../to-api-error.ts'

const contentTypes = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
} as const satisfies Record<z.output<typeof exportInput>['format'], string>

/** `GET /machines/export?format=csv`, with the parameters of the list: a file, and so no procedure. */
export function exportRoute(server: FastifyInstance, makeContext: MakeContext): void {
  server.get('/machines/export', async (request, reply) => {
    const { services, teamId } = makeContext(request)
    const input = exportInput.safeParse(queryOf(request))
    if (!input.success) throw invalidInput(input.error)
    const { format } = input.data
    const text = await exportFleet(services.database.client, teamId, input.data)
    return reply
      .type(contentTypes[format])
      .header('content-disposition', `attachment; filename="berth-machines.${format}"`)
      .send(text)
  })
}
