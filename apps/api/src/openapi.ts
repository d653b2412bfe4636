import { isDeepStrictEqual } from 'node:util'
import { generateOpenApiDocument } from 'trpc-to-openapi'
import { z } from 'zod'
import { errorTable } from './errors.ts'
import { exportInput } from './machine/filter-schema.ts'
import { reportOutput } from './machine/schema.ts'
import { importModelOutput, uploadModelInput } from './model/schema.ts'
import { API_PREFIX, operations } from './operations.ts'
import { appRouter } from './router.ts'

const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.enum(Object.keys(errorTable).toSorted() as [string, ...string[]]),
    requestId: z.string().meta({ description: 'Under which the log of the server says more.' }),
    fields: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    data: z.record(z.string(), z.unknown()).optional().meta({ description: 'What the code is about.' }),
  })
  .meta({ id: 'Problem', description: 'What is wrong, as RFC 9457 has it, with a code to act on.' })

const problem = { description: 'A problem', content: { 'application/problem+json': { schema: problemSchema } } }

interface PlainDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { responses: Record<string, unknown> }>>>>
  readonly components: { readonly schemas: Record<string, unknown> }
}

/** The OpenAPI 3.1 document of /api/v1. Committed as `openapi.v1.json`: v1 only grows. */
export function openApiDocument(): object {
  const document = generateOpenApiDocument(appRouter as never, {
    title: 'Berth',
    description: 'Which machine can host which quantized model, how it is split over its GPUs, and what starts it.',
    version: '1',
    baseUrl: API_PREFIX,
    securitySchemes: { registrationToken: { type: 'http', scheme: 'bearer' } },
    paths: {
      '/machines/export': {
        get: {
          operationId: 'machines-export',
          summary: 'Machines as a file that an import reads again',
          tags: ['machines'],
          requestParams: { query: exportInput },
          responses: {
            200: {
              description: 'The file, named in Content-Disposition',
              content: { 'text/csv': { schema: z.string() }, 'application/json': { schema: z.unknown() } },
            },
            default: problem,
          },
        },
      },
      '/models/upload': {
        post: {
          operationId: 'models-upload',
          summary: 'Read a model from the first bytes of its file',
          tags: ['models'],
          requestParams: { query: uploadModelInput },
          requestBody: { required: true, content: { 'application/octet-stream': { schema: z.string() } } },
          responses: {
            200: { description: 'Successful response', content: { 'application/json': { schema: importModelOutput } } },
            default: problem,
          },
        },
      },
      '/machines/report': {
        post: {
          operationId: 'machines-report',
          summary: 'Take a machine’s own report, as the collector prints it',
          tags: ['machines'],
          security: [{ registrationToken: [] }],
          requestBody: { required: true, content: { 'application/json': { schema: z.looseObject({}) } } },
          responses: {
            200: { description: 'Successful response', content: { 'application/json': { schema: reportOutput } } },
            default: problem,
          },
        },
      },
    },
  })
  const plain = JSON.parse(JSON.stringify(document, openObjects)) as PlainDocument
  const reference = plain.paths['/models/upload']?.['post']?.responses['default']
  for (const { path, method, status } of operations) {
    const operation = plain.paths[path]?.[method.toLowerCase()]
    if (operation === undefined) throw new Error(`The document lacks ${method} ${path}.`)
    operation.responses = { [status]: operation.responses['200'], default: reference }
  }
  // The library describes errors of its own, which are not the ones given here.
  for (const name of Object.keys(plain.components.schemas)) {
    if (name.startsWith('error.')) delete plain.components.schemas[name]
  }
  return withoutTwins(plain)
}

/** A schema that goes in and out gets a twin for its output, which differs in nothing once answers are not closed. */
function withoutTwins(plain: PlainDocument): object {
  const { schemas } = plain.components
  const twins = Object.keys(schemas).filter((name) =>
    isDeepStrictEqual(schemas[name], schemas[name.replace(/Output$/, '')]),
  )
  const doubled = twins.filter((name) => name.endsWith('Output'))
  for (const name of doubled) delete schemas[name]
  const references = new Map(doubled.map((name) => [referenceTo(name), referenceTo(name.replace(/Output$/, ''))]))
  const replace = (_: string, value: unknown) => (typeof value === 'string' ? (references.get(value) ?? value) : value)
  return JSON.parse(JSON.stringify(plain, replace)) as object
}

const referenceTo = (name: string): string => `#/components/schemas/${name}`

/** v1 grows: a client must bear fields it does not know, so no answer is declared closed. */
function openObjects(this: unknown, key: string, value: unknown): unknown {
  return key === 'additionalProperties' && value === false ? undefined : value
}
