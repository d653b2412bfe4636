import { type APIRequest, expect } from '@playwright/test'

/** Registers the sample lab where it is not there yet, and gives the identifiers of all machines by name. */
export async function sampleLab(from: APIRequest, baseURL: string): Promise<ReadonlyMap<string, string>> {
  const request = await from.newContext({ baseURL })
  const machines = async (): Promise<ReadonlyMap<string, string>> => {
    const { items } = await request.get('/api/v1/machines').then((answer) => answer.json())
    return new Map(items.map(({ id, name }: { readonly id: string; readonly name: string }) => [name, id]))
  }
  if (!(await machines()).has('lab-01')) {
    expect((await request.post('/api/v1/sample-lab', { data: {} })).ok()).toBe(true)
  }
  const ids = await machines()
  await request.dispose()
  return ids
}
