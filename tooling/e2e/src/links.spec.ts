import { expect, test } from '@playwright/test'
import { expectAccessible } from './accessible.ts'

const uuid = (gpu: number): string => `GPU-7c1e0a52-4be1-4d3a-9f5b-00000000010${gpu}`
const cards = `host: linked-01
index, name, uuid, memory.total [MiB]
${[0, 1].map((gpu) => `${gpu}, NVIDIA L40S, ${uuid(gpu)}, 46068 MiB`).join('\n')}
`
const paths = `	GPU0	GPU1	CPU Affinity
GPU0	 X 	SYS	0-31
GPU1	SYS	 X 	32-63

$ nvidia-smi topo -p2p r
	GPU0	GPU1
GPU0	X	CNS
GPU1	CNS	X

/sys/class/net/eno1/speed:1000
`

test('paths pasted under the name of a machine are drawn on its page', async ({ page, request }) => {
  const stored = await request.post('/api/v1/machines/import', { data: { text: cards } })
  const { id } = (await stored.json()).machines[0].machine
  const links = page.locator('section').filter({ has: page.getByRole('heading', { name: 'Links', exact: true }) })
  await page.setViewportSize({ width: 360, height: 900 })

  await page.goto(`/machines/${id}`)
  await expect(links).toContainText('No tool that was read tells how its GPUs are linked.')

  await page.goto('/machines/import')
  await page.getByRole('textbox', { name: 'Output' }).fill(paths)
  await page.getByLabel('Machine name').fill('linked-01')
  await page.getByRole('button', { name: 'Read' }).click()
  await expect(page.getByText('GPU 0 to GPU 1 peer access')).toBeVisible()
  await page.getByRole('button', { name: 'Save', exact: true }).click()

  await expect(links.getByRole('img')).toHaveAccessibleName(
    'Links of linked-01. SYS: GPU 0, GPU 1, P2P off; network: eno1 1 Gbit/s',
  )
  await expect(links).toContainText('P2P is off between GPU 0 and GPU 1: the chipset does not support it (CNS).')
  await links.getByText('As a matrix').click()
  await expect(links.getByRole('row', { name: 'GPU 0 X SYS CNS' })).toBeVisible()
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await expectAccessible(page, colorScheme)
  }
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
  await request.delete(`/api/v1/machines/${id}`)
})
