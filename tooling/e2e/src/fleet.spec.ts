import { expect, type Page, test } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { fleetCsv } from './fleet-csv.ts'

/** The machines are of this test alone: the others plan on every machine there is. */
const PREFIX = /^(?:ber|ham|köl)-r\d+-\d+$/

const rows = (page: Page) => page.getByRole('table', { name: 'Machines' }).getByRole('rowheader')
const filters = (page: Page) => page.getByRole('complementary', { name: 'Filters' })

test.describe.configure({ mode: 'serial' })

test.beforeAll(async ({ playwright, baseURL }) => {
  const request = await playwright.request.newContext({ baseURL: baseURL! })
  const answer = await request.post('/api/v1/machines/import', { data: { text: fleetCsv() } })
  expect(answer.ok()).toBe(true)
  expect((await answer.json()).machines).toHaveLength(62)
  await request.dispose()
})

test.afterAll(async ({ playwright, baseURL }) => {
  const request = await playwright.request.newContext({ baseURL: baseURL! })
  const { items } = await request.get('/api/v1/machines?limit=1000').then((answer) => answer.json())
  const ours = (items as readonly { readonly id: string; readonly name: string }[]).filter(({ name }) =>
    PREFIX.test(name),
  )
  await request.post('/api/v1/machines/remove', { data: { ids: ours.map(({ id }) => id), withPlans: true } })
  const views = await request.get('/api/v1/views?list=machines').then((answer) => answer.json())
  for (const { id } of views.items) await request.delete(`/api/v1/views/${id}`)
  await request.dispose()
})

test('sixty machines are narrowed, kept as a view, changed at once, exported and planned on', async ({ page }) => {
  await page.goto('/machines')

  await test.step('facets say what they would leave, and the address says what is chosen', async () => {
    await filters(page).getByLabel('Berlin').check()
    await expect(rows(page)).toHaveCount(30)
    await expect(page).toHaveURL(/site=Berlin/)
    await filters(page).getByText('tier', { exact: true }).click()
    await expect(filters(page).getByRole('listitem').filter({ hasText: 'gold' })).toHaveText('gold10')
    await filters(page).getByLabel('gold').check()
    await expect(rows(page)).toHaveCount(10)
    await expect(page.getByRole('status')).toHaveText(/^10 of \d+ machines/)
    await page.getByRole('button', { name: 'Free', exact: true }).click()
    await expect(rows(page).first()).toHaveText('ber-r1-1')
    await page.reload()
    await expect(rows(page)).toHaveCount(10)
    await expect(rows(page).first()).toHaveText('ber-r1-1')
    await page.getByRole('button', { name: 'Remove the filter Label: tier = gold' }).click()
    await expect(rows(page)).toHaveCount(30)
  })

  await test.step('a search is of names, GPUs, sites, teams and labels', async () => {
    await page.getByRole('searchbox', { name: 'Search machines' }).fill('a100 tier=gold')
    await expect(rows(page)).toHaveCount(4)
    await page.getByRole('searchbox', { name: 'Search machines' }).fill('no such machine')
    await expect(page.getByText('No machine is all of this.')).toBeVisible()
    await page.getByRole('searchbox', { name: 'Search machines' }).fill('')
    await expect(rows(page)).toHaveCount(30)
  })

  await test.step('a view is one click away, with its columns', async () => {
    await page.getByRole('button', { name: 'Columns' }).click()
    await page.getByRole('checkbox', { name: 'Labels' }).check()
    await page.getByLabel('Compact').check()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Save view' }).click()
    await page.getByLabel('Name').fill('Berlin by free memory')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    const views = page.getByRole('navigation', { name: 'Saved views' })
    await expect(views.getByRole('link', { name: 'Berlin by free memory' })).toHaveAttribute('aria-current', 'page')
    await views.getByRole('link', { name: 'All machines' }).click()
    await expect(page).toHaveURL(/\/machines$/)
    await views.getByRole('link', { name: 'Berlin by free memory' }).click()
    await expect(rows(page)).toHaveCount(30)
    await expect(rows(page).first()).toHaveText('ber-r1-1')
    await expect(page.getByRole('columnheader', { name: 'Labels' })).toBeVisible()
  })

  await test.step('what is ticked, with what lies between, is changed at once', async () => {
    await page.goto('/machines?site=Hamburg')
    await page.getByLabel('Select ham-r2-2', { exact: true }).click()
    await page.getByLabel('Select ham-r2-6', { exact: true }).click({ modifiers: ['Shift'] })
    await expect(page.getByText('5 selected')).toBeVisible()
    await page.getByRole('button', { name: 'Edit', exact: true }).click()
    await page.getByLabel('Site', { exact: true }).fill('Bremen')
    await page.getByLabel('Clear the team').check()
    await page.getByLabel('Add labels').fill('moved=may; tier=bronze')
    await page.getByLabel('Remove labels').fill('rack')
    await page.getByLabel('Planning').selectOption('on')
    await page.getByLabel('Why').fill('on the van')
    await page.getByRole('button', { name: 'Change 5 machines' }).click()
    await expect(page.getByText('Changed 5 of 5 machines.')).toBeVisible()
    await expect(rows(page)).toHaveCount(13)
    const { items } = await page.request.get('/api/v1/machines?site=Bremen').then((answer) => answer.json())
    expect(items).toHaveLength(5)
    expect(items[0]).toMatchObject({
      owner: null,
      labels: { moved: 'may', tier: 'bronze' },
      maintenance: { note: 'on the van' },
    })
  })

  await test.step('one machine shows them, and takes others', async () => {
    await page.goto('/machines?site=Bremen')
    await page.getByRole('link', { name: 'ham-r2-2' }).click()
    await expect(page.getByLabel('Facts').getByText('Bremen')).toBeVisible()
    await page.getByRole('button', { name: 'Site and labels' }).click()
    await page.getByRole('textbox', { name: 'Labels' }).fill('two words')
    await expect(page.getByText(/“two words” is no label/)).toBeVisible()
    await page.getByRole('textbox', { name: 'Labels' }).fill('moved=june\nspare')
    await page.getByRole('textbox', { name: 'Team' }).fill('ops')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await expect(page.getByLabel('Facts').getByText('ops')).toBeVisible()
    await expect(page.getByLabel('Facts').getByText('spare')).toBeVisible()
  })

  await test.step('an export comes back as it went', async () => {
    await page.goto('/machines?site=Berlin&text=a100')
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'CSV' }).click(),
    ])
    expect(download.suggestedFilename()).toBe('berth-machines.csv')
    const stream = await download.createReadStream()
    const text = (await stream.toArray()).join('')
    const preview = await page.request.post('/api/v1/machines/import/preview', { data: { text } })
    const { machines } = await preview.json()
    expect(machines).toHaveLength(12)
    expect(machines.every(({ change }: { readonly change: string }) => change === 'unchanged')).toBe(true)
  })

  await test.step('a plan is asked of what is listed', async () => {
    await page.getByRole('link', { name: 'Plan on these' }).click()
    await expect(page.getByText(/^Planned on 12 of \d+ machines/)).toBeVisible()
    await page.goto(`${page.url()}&model=qwen3-0.6b&mix=Q4_K_M`)
    await expect(page.getByRole('button', { name: 'ber-r1-12' })).toBeVisible()
    await expect(page.getByRole('button', { name: /^ber-r0-/ })).toHaveCount(0)
    await page.getByRole('link', { name: 'Their list' }).click()
    await expect(rows(page)).toHaveCount(12)
  })

  await test.step('many are removed only when their number is typed', async () => {
    await page.goto('/machines?site=Bremen')
    await page.getByLabel('Select all machines that are shown').click()
    await page.getByRole('button', { name: 'Remove', exact: true }).click()
    await expect(page.getByRole('button', { name: 'Remove 5 machines' })).toBeDisabled()
    await page.getByLabel('Type 5 to remove 5 machines').fill('5')
    await page.getByRole('button', { name: 'Remove 5 machines' }).click()
    await expect(page.getByText('Removed 5 machines.')).toBeVisible()
    await expect(page.getByText('No machine is all of this.')).toBeVisible()
  })
})

test('an address of another version loses what is not known, and says so', async ({ page }) => {
  await page.goto('/machines?site=Berlin&rack=r0&state=asleep')
  await expect(rows(page)).toHaveCount(30)
  await expect(page.getByText('rack=r0, state=asleep')).toBeVisible()
})

for (const width of [1440, 360]) {
  test.describe(`at ${width}`, () => {
    test.use({ viewport: { width, height: 900 } })
    test('the list of many is accessible in both themes, with a selection and with its filters open', async ({
      page,
    }) => {
      const query = 'site=Berlin&columns=gpus,free,freeOnOne,site,owner,labels,driver,read'
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        await page.goto(`/machines?${query}`, { waitUntil: 'networkidle' })
        await page.getByLabel('Select ber-r0-1', { exact: true }).click()
        await expectAccessible(page, colorScheme)
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
        if (width === 360) {
          await page.getByRole('button', { name: 'Filters (1)' }).click()
          await expectAccessible(page, `${colorScheme}, filters`)
          await page.getByRole('dialog').getByLabel('Hamburg').check()
          await page.getByRole('button', { name: /^Show \d+ machines/ }).click()
          await expect(rows(page)).toHaveCount(43)
        }
        await page.getByRole('button', { name: 'Edit', exact: true }).click()
        await expectAccessible(page, `${colorScheme}, edit`)
      }
    })
  })
}
