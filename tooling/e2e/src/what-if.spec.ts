import { expect, test } from '@playwright/test'

/** The machine is planned on from the journey's database too; it goes when the test is over. */
const NAME = '2 × RTX 3090'
const made: string[] = []

test.afterAll(async ({ playwright, baseURL }) => {
  const request = await playwright.request.newContext({ baseURL: baseURL! })
  const { items } = await request.get('/api/v1/machines?limit=1000').then((answer) => answer.json())
  for (const { id, name } of items as readonly { readonly id: string; readonly name: string }[]) {
    if (made.includes(name)) await request.delete(`/api/v1/machines/${id}?withPlans=true`)
  }
  await request.dispose()
})

test('what if there were two used 3090s and 128 GB', async ({ page, request }) => {
  await test.step('the catalogue leads to a registered machine', async () => {
    await page.goto('/')
    await page.getByRole('link', { name: 'Catalogue' }).first().click()
    await page.getByRole('searchbox', { name: 'Search GPUs' }).fill('3090')
    const row = page.getByRole('row', { name: /RTX 3090 cuda/ })
    await expect(row.getByText('936 GB/s')).toBeVisible()
    await expect(row.getByText('Gen 4 ×16')).toBeVisible()
    await expect(page.getByRole('row')).toHaveCount(3)
    await page.getByRole('link', { name: 'Add a machine with NVIDIA GeForce RTX 3090, 24.00 GiB' }).click()
    await page.getByRole('spinbutton', { name: 'How many NVIDIA GeForce RTX 3090' }).fill('2')
    await expect(page.getByLabel('Name', { exact: true })).toHaveValue(NAME)
    await page.getByLabel('RAM in GiB').fill('128')
    await page.getByRole('button', { name: 'Add the machine' }).click()
    await expect(page.getByRole('heading', { level: 1, name: NAME })).toBeVisible()
    made.push(NAME, `${NAME}-1`, `${NAME}-2`)
  })

  const { items } = await request.get('/api/v1/machines?limit=1000').then((answer) => answer.json())
  const machine = items.find(({ name }: { readonly name: string }) => name === NAME)
  expect(machine.devices).toHaveLength(2)
  expect(machine.hostMemoryTotal).toBe(128 * 1024 ** 3)

  await test.step('its figures are the catalogue’s', async () => {
    const table = page.getByRole('table', { name: 'GPUs' })
    await expect(table.getByText('936 GB/s')).toHaveCount(2)
    await expect(table.getByText('catalogue')).toHaveCount(18)
    await expect(table.getByText('measured')).toHaveCount(0)
  })

  await test.step('a 70B is planned on it', async () => {
    await page.goto(`/plan?model=llama-3.3-70b&mix=Q4_K_M&ctx=8192&machine=${machine.id}`)
    const detail = page.getByLabel(`Plan on ${NAME}`)
    await expect(detail.getByText('-ts 41,40')).toBeVisible()
    await expect(detail.getByText('-ngl 81')).toBeVisible()
  })

  await test.step('two more like it', async () => {
    await page.goto(`/machines/${machine.id}`)
    await page.getByRole('button', { name: 'Clone' }).click()
    await page.getByLabel('How many').fill('2')
    await page.getByRole('button', { name: 'Add them' }).click()
    await expect(page.getByRole('link', { name: `${NAME}-1` })).toBeVisible()
    await expect(page.getByRole('link', { name: `${NAME}-2` })).toBeVisible()
    await expect(page.getByRole('table', { name: 'Machines' }).getByText('not measured')).toHaveCount(3)
  })

  await test.step('in maintenance it is left out of plans, unless it is named', async () => {
    await page.goto(`/machines/${machine.id}`)
    await page.getByRole('button', { name: 'Maintenance' }).click()
    await page.getByLabel('Why').fill('new fans')
    await page.getByRole('button', { name: 'Start maintenance' }).click()
    await expect(page.getByText(`${NAME} is in maintenance: new fans`)).toBeVisible()
    await page.goto('/plan?model=llama-3.3-70b&mix=Q4_K_M')
    await expect(page.getByRole('button', { name: `${NAME}-1` })).toBeVisible()
    await expect(page.getByRole('button', { name: NAME, exact: true })).toHaveCount(0)
    await expect(page.getByText('In maintenance and not planned on:')).toContainText(NAME)
    await page.goto(`/plan?model=llama-3.3-70b&mix=Q4_K_M&machine=${machine.id}`)
    await expect(page.getByText('It is judged because it was asked for.')).toBeVisible()
    await expect(page.getByRole('button', { name: NAME, exact: true })).toBeVisible()
    await page.goto(`/machines/${machine.id}`)
    await page.getByRole('button', { name: 'Maintenance' }).click()
    await page.getByRole('button', { name: 'End maintenance' }).click()
    await expect(page.getByText(/is in maintenance/)).toHaveCount(0)
  })
})
