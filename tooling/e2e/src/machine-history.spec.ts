import { expect, test } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { twoGpuXml } from './two-gpu-xml.ts'

/** A name of its own: the machine goes when the test is over. */
const NAME = 'history-lab'
const widths = [1440, 360] as const
const themes = ['light', 'dark'] as const
/** Other cards than the journey's, or the two machines would be taken for one. */
const text = () => twoGpuXml().replaceAll('GPU-6f3c1d2e', 'GPU-7a8b9c0d').replaceAll('24576 MiB', '24564 MiB')

let id: string
test.beforeAll(async ({ playwright, baseURL }) => {
  const request = await playwright.request.newContext({ baseURL: baseURL! })
  const answer = await request.post('/api/v1/machines/import', { data: { text: text(), hostName: NAME } })
  id = (await answer.json()).machines[0].machine.id
  await request.dispose()
})

test.afterAll(async ({ playwright, baseURL }) => {
  const request = await playwright.request.newContext({ baseURL: baseURL! })
  await request.delete(`/api/v1/machines/${id}?withPlans=true`)
  await request.dispose()
})

test('a figure is set by hand with a reason, planned on, told in the history, and let go', async ({ page }) => {
  const gpus = page.getByRole('table', { name: 'GPUs' })
  const forPlans = gpus.getByRole('row', { name: /^For plans/ })
  const history = page.getByLabel('History', { exact: true })

  await test.step('as it was read', async () => {
    await page.goto(`/machines/${id}`)
    await expect(forPlans.getByText('23.68 GiB')).toHaveCount(2)
    await expect(forPlans.getByText('The reported 23.99 GiB, less the driver’s 317 MiB.')).toHaveCount(2)
    await expect(history.getByRole('listitem').first()).toContainText('Added')
  })

  await test.step('a reason is needed, and a figure within limits', async () => {
    await page.getByRole('button', { name: 'Set Kept back of GPU 0' }).click()
    const dialog = page.getByRole('dialog', { name: 'Kept back of GPU 0' })
    await expect(dialog.getByRole('button', { name: 'Set it' })).toBeDisabled()
    await dialog.getByLabel('Kept back').fill('two')
    await expect(dialog.getByText('It must be a number.')).toBeVisible()
    await dialog.getByLabel('Kept back').fill('2')
    await dialog.getByLabel('Unit').selectOption('GiB')
    await expect(dialog.getByRole('button', { name: 'Set it' })).toBeDisabled()
    await dialog.getByLabel('Why').fill('the desktop needs it')
    await expectAccessible(page)
    await dialog.getByRole('button', { name: 'Set it' }).click()
    await expect(dialog).toBeHidden()
  })

  await test.step('plans have so much less', async () => {
    await expect(forPlans.getByText('21.68 GiB')).toBeVisible()
    await expect(forPlans).toContainText('less the 2.00 GiB that your team keeps back')
    const set = page.getByRole('region', { name: 'Set by hand' })
    await expect(set).toContainText('GPU 0: Kept back')
    await expect(set).toContainText('Nothing was read, set to 2,048 MiB.')
    await expect(set).toContainText('the desktop needs it (just now)')
    await expect(page.getByText('Kept back by your team')).toBeVisible()
  })

  await test.step('the history tells it, in words and units', async () => {
    const newest = history.getByRole('listitem').filter({ hasText: 'Set by hand' })
    await expect(newest).toContainText('“the desktop needs it”')
    await expect(newest).toContainText('on the page')
    await expect(newest).toContainText('GPU 0 memory kept back set to 2.00 GiB')
    await expect(newest).toContainText('GPU 0 for plans 23.68 GiB → 21.68 GiB')
  })

  for (const width of widths) {
    await test.step(`the page and the history are accessible at ${width}`, async () => {
      await page.setViewportSize({ width, height: 900 })
      for (const path of [`/machines/${id}`, '/history', `/history?machine=${id}`]) {
        await page.goto(path, { waitUntil: 'networkidle' })
        for (const colorScheme of themes) {
          await page.emulateMedia({ colorScheme })
          await expectAccessible(page, `${path} ${colorScheme}`)
        }
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
      }
    })
  }

  await test.step('a newer reading is told of', async () => {
    await page.request.post('/api/v1/machines/import', {
      data: { text: text().replaceAll('24564 MiB', '24576 MiB'), hostName: NAME, message: 'new driver' },
    })
    await page.setViewportSize({ width: 1440, height: 900 })
    await page.goto(`/machines/${id}`)
    await expect(history.getByRole('listitem').filter({ hasText: '“new driver”' })).toContainText(
      'GPU 0 memory reported 23.99 GiB → 24.00 GiB',
    )
  })

  await test.step('what was read stands again', async () => {
    await page.getByRole('region', { name: 'Set by hand' }).getByRole('button', { name: 'Use what was read' }).click()
    await expect(page.getByRole('region', { name: 'Set by hand' })).toHaveCount(0)
    await expect(forPlans.getByText('23.69 GiB')).toHaveCount(2)
    await expect(history.getByRole('listitem').filter({ hasText: 'Back to what was read' })).toContainText(
      'GPU 0 memory kept back 2.00 GiB → nothing',
    )
  })
})

test('a machine that is removed keeps its history', async ({ page, request }) => {
  const made = await request.post('/api/v1/machines', {
    data: { name: 'short-lived', gpus: [{ gpu: 'nvidia-geforce-rtx-3090-24gb', count: 1 }], message: 'an idea' },
  })
  const { id: gone } = await made.json()
  for (let room = 1; room <= 26; room++) {
    await request.patch(`/api/v1/machines/${gone}`, { data: { site: `room ${room}` } })
  }
  await request.delete(`/api/v1/machines/${gone}?message=too+dear`)
  await page.goto('/history')
  await page.getByRole('link', { name: 'short-lived' }).first().click()
  await expect(page.getByRole('heading', { level: 1, name: 'History of short-lived' })).toBeVisible()
  await expect(page.getByText('This machine has been removed.')).toBeVisible()
  await expect(page.getByText('“too dear”')).toBeVisible()
  await expect(page.getByText('“an idea”')).toHaveCount(0)
  await page.getByRole('button', { name: 'Show more' }).click()
  await expect(page.getByText('“an idea”')).toBeVisible()
  await expect(page.getByText('from catalogue')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Show more' })).toHaveCount(0)
})
