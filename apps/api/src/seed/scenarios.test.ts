import { expect, it } from 'vitest'
import { testServer } from '../../test/server.ts'
import { LOCAL_TEAM } from '../team/repository.ts'
import { seed } from './scenarios.ts'

it('fills an empty team once, with a plan that is as it says', async () => {
  const berth = await testServer()
  const unused = () => Promise.reject(new Error('unused'))
  const ctx = {
    services: {
      ...{ database: berth.database, readModel: unused },
      ...{
        judge: unused,
        judgeTogether: unused,
        solve: unused,
        pack: unused,
        countReplicas: unused,
        survey: unused,
        cells: unused,
      },
      capacity: { largest: unused, hosts: unused, 'what-if': unused, upgrades: unused },
    },
    teamId: LOCAL_TEAM,
  }
  expect(await seed(ctx, 'empty')).toBe(true)
  expect((await berth.call('GET', '/api/v1/machines')).body.items).toEqual([])

  expect(await seed(ctx, 'small-lab')).toBe(true)
  expect(await seed(ctx, 'small-lab')).toBe(false)
  const [plan] = (await berth.call('GET', '/api/v1/plans')).body.items
  expect((await berth.call('GET', `/api/v1/plans/${plan.id}`)).body).toMatchObject({
    modelName: 'Llama 3.3 70B',
    savedFits: true,
    result: { fits: true },
  })
  expect((await berth.call('GET', '/api/v1/machines')).body.items.length).toBeGreaterThanOrEqual(4)
  expect((await berth.call('GET', '/api/v1/models')).body.items).toHaveLength(1)
  await berth.close()
})
