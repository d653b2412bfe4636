import { expect, type Page, test } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { sampleLab } from './sample-lab.ts'

/** Planning and solving take seconds on a slow computer. */
const patience = { timeout: 60_000 }

test.beforeAll(async ({ playwright, baseURL }) => {
  await sampleLab(playwright.request, baseURL!)
})

const pack = (page: Page) => page.getByRole('button', { name: 'Pack', exact: true })
const result = (page: Page) => page.getByRole('region', { name: 'Packing' })

test('models are placed together: at once, then proven best, with commands and what found no room', async ({
  page,
}) => {
  await page.goto('/packing')
  await expect(pack(page)).toHaveAttribute('data-tip', 'Choose a model in every row first.')
  const first = page.getByRole('region', { name: 'Model 1', exact: true })
  await first.getByRole('button', { name: 'Choose a model' }).click()
  await page.getByRole('searchbox', { name: 'Search models' }).fill('llama 3 8b')
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Llama 3 8B/ })
    .click()
  await first.getByLabel('Replicas').fill('3')
  await first.getByLabel('Priority').fill('2')
  await expect(page).toHaveURL(/demands=llama-3-8b/)
  await pack(page).click()
  await expect(result(page).getByText(/^3 of 3 replicas placed on 1 of \d+ machines$/)).toBeVisible(patience)
  await expect(result(page).getByText('Proven best')).toBeVisible(patience)
  await expect(result(page).getByRole('row', { name: /^Machines used 1 1 none$/ })).toBeVisible()
  await expect(
    result(page).getByRole('button', { name: /^Copy the command of Llama 3 8B Q4_K_M, replica 1/ }),
  ).toBeVisible()
  await expectAccessible(page)
  await result(page).getByRole('button', { name: 'Reserve all' }).click()
  await page.getByLabel('Owner').fill('ops')
  await page.getByLabel('Purpose').fill('Packing story')
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Reserve', exact: true }).click()
  await expect(result(page).getByText('All 3 are reserved.')).toBeVisible(patience)
  const { items } = await page.request.get('/api/v1/reservations').then((answer) => answer.json())
  const own = items.filter(({ purpose }: { readonly purpose: string }) => purpose.startsWith('Packing story: '))
  expect(own).toHaveLength(3)
  for (const { id } of own) await page.request.post(`/api/v1/reservations/${id}/release`, { data: {} })
})

test('what cannot be placed is said with what binds', async ({ page }) => {
  await page.goto(
    '/packing?demands=deepseek-r1-671b,F16,2,0,8192,1,llama.cpp,,;qwen3-0.6b,Q4_K_M,1,0,4096,1,llama.cpp,,nowhere=1',
  )
  await pack(page).click()
  await expect(result(page).getByText('1 of 1 of Qwen3 0.6B Q4_K_M found no room')).toBeVisible(patience)
  await expect(result(page).getByText('No machine is among those it may run on.')).toBeVisible()
  await page.getByRole('region', { name: 'Model 2', exact: true }).getByLabel('With label').fill('!nowhere')
  await expect(page.getByText('The question has changed since')).toBeVisible(patience)
  await pack(page).click()
  await expect(result(page).getByText(/^1 of 3 replicas placed/)).toBeVisible(patience)
})

test('a run is cancelled, and leaves the page ready for the next', async ({ page }) => {
  await page.route('**/trpc/packing.solve**', () => undefined)
  await page.goto('/packing?demands=qwen3-0.6b,Q4_K_M,2,0,4096,1,llama.cpp,,')
  await pack(page).click()
  await expect(page.getByText(/An answer is below; looking for the best one/)).toBeVisible(patience)
  await expect(result(page).getByText('Answer at once')).toBeVisible()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByRole('button', { name: 'Cancel' })).toBeHidden()
  await expect(result(page).getByText('Answer at once')).toBeVisible()
})
