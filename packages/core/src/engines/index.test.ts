import { expect, it } from 'vitest'
import { engineOf, engines, versionsOf } from './index.ts'

it.each(Object.keys(engines) as (keyof typeof engines)[])('%s is found at each of its versions', (id) => {
  const versions = versionsOf(id)
  expect(versions[0]).toBe(engines[id])
  expect(new Set(versions.map(({ version }) => version)).size).toBe(versions.length)
  for (const engine of versions) expect(engineOf(id, engine.version)).toBe(engine)
  expect(engineOf(id)).toBe(engines[id])
  expect(engineOf(id, 'no version')).toBeUndefined()
})
