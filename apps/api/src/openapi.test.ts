import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { openApiDocument } from './openapi.ts'
import { operations } from './operations.ts'

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly operationId: string }>>>>
}

const committed = async (): Promise<Document> =>
  JSON.parse(await readFile(new URL('../openapi.v1.json', import.meta.url), 'utf8')) as Document

it('is committed as it is generated: `pnpm openapi` writes it', async () => {
  expect(await committed()).toEqual(openApiDocument())
})

it('describes every operation that is served, and no other', async () => {
  const { paths } = await committed()
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )
  const served = operations.map(({ method, path }) => `${method} ${path}`)
  const routes = ['GET /machines/export', 'POST /machines/report', 'POST /models/upload']
  expect(described.toSorted()).toEqual([...served, ...routes].toSorted())
  expect(served.length).toBeGreaterThan(15)
})
