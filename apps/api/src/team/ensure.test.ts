import { expect, it } from 'vitest'
import { emptyDatabase } from '../../test/database.ts'
import { openDatabase } from '../db.ts'
import { ensureTeam, findTeam } from './repository.ts'

it('is made once by several processes that start at the same time', async () => {
  const { remove, ...options } = await emptyDatabase()
  const opened = await Promise.all([openDatabase(options), openDatabase(options), openDatabase(options)])
  const ids = Array.from({ length: 20 }, (_, number) => `team-${number}`)
  for (const id of ids) await Promise.all(opened.map(({ client }) => ensureTeam(client, id, 'Ours')))
  for (const id of ids) expect(await findTeam(opened[0].client, id)).toMatchObject({ id, name: 'Ours' })
  await Promise.all(opened.map((database) => database.close()))
  await remove()
})
