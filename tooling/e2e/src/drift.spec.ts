import { expect, test } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { twoGpuXml } from './two-gpu-xml.ts'

/** A name of its own: the machine goes when the test is over. */
const NAME = 'drift-lab'
const themes = ['light', 'dark'] as const
const GONE = 'GPU 1 (NVIDIA GeForce RTX 3090) is gone.'

/** Other cards than those of other stories, or the machines would be taken for one. */
const bothCards = (): string => twoGpuXml().replaceAll('GPU-6f3c1d2e', 'GPU-0d21f7aa')
/** As it is printed once the second card has been taken out. */
const oneCard = (): string =>
  bothCards()
    .replace(/\t<gpu id="00000000:02:00\.0">.*?<\/gpu>\n/s, '')
    .replace('<attached_gpus>2', '<attached_gpus>1')

let id: string
test.beforeAll(async ({ playwright, baseURL }) => {
  const request = await playwright.request.newContext({ baseURL: baseURL! })
  const answer = await request.post('/api/v1/machines/import', { data: { text: bothCards(), hostName: NAME } })
  id = (await answer.json()).machines[0].machine.id
  await request.dispose()
})

test.afterAll(async ({ playwright, baseURL }) => {
  const request = await playwright.request.newContext({ baseURL: baseURL! })
  await request.delete(`/api/v1/machines/${id}?withPlans=true`)
  await request.dispose()
})

test('a card is taken out under a saved plan: it is flagged, says what broke, and is brought back', async ({
  page,
}) => {
  const row = page.getByRole('row').filter({ hasText: 'Chat for two' })
  const importText = async (text: string): Promise<void> => {
    await page.request.post('/api/v1/machines/import', { data: { text, hostName: NAME } })
  }

  await test.step('a plan over both cards is saved', async () => {
    await page.goto(`/plan?model=llama-3-8b&mix=Q4_K_M&np=2&machine=${id}`)
    await page.getByRole('button', { name: 'Save plan' }).click()
    const dialog = page.getByRole('dialog', { name: 'Save this plan' })
    await dialog.getByLabel('Name').fill('Chat for two')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'Chat for two' })).toBeVisible()
    await expect(page.getByRole('list', { name: 'What has changed' })).toHaveCount(0)
    await page.goto('/plans')
    await expect(row).not.toContainText('Broken')
  })

  await test.step('what it would need is outlined on its machine, and holds nothing', async () => {
    await page.goto(`/machines/${id}`)
    await expect(page.getByRole('img', { name: /^Planned: / })).toHaveCount(2)
    const gpus = page.getByRole('table', { name: 'GPUs' })
    for (const figure of ['Measured', 'Reserved', 'Planned', 'Free now', 'Free after reservations']) {
      await expect(gpus.getByRole('row', { name: new RegExp(`^${figure} `) })).toBeVisible()
    }
    await expectAccessible(page)
  })

  await test.step('reading the machine again changes nothing', async () => {
    await importText(bothCards())
    await page.goto('/plans')
    await expect(row).not.toContainText('Broken')
  })

  await test.step('a card is gone: list, overview, machine and plan say so', async () => {
    await importText(oneCard())
    await page.goto('/plans')
    await expect(row).toContainText('Broken')
    await expect(page.getByRole('list', { name: 'Drifted' })).toContainText(`on ${NAME}: ${GONE}`)
    for (const path of ['/', `/machines/${id}`]) {
      await page.goto(path)
      await expect(page.getByText('1 saved plan cannot start as it was made.')).toBeVisible()
      await expect(page.getByRole('list', { name: 'Drifted' })).toContainText(GONE)
    }
    await page.getByRole('list', { name: 'Drifted' }).getByRole('link', { name: 'Chat for two' }).click()
    const changed = page.getByRole('list', { name: 'What has changed' })
    await expect(changed).toContainText(`${GONE} Missing since`)
    await expect(page.getByRole('list', { name: 'Nearest repair' })).toContainText(
      `Split anew, it fits ${NAME} as it was asked for.`,
    )
  })

  const plan = page.url()
  for (const [width, paths] of [
    [360, ['/', '/plans', `/machines/${id}`]],
    [1440, [plan]],
  ] as const) {
    await test.step(`the pages are accessible at ${width}`, async () => {
      await page.setViewportSize({ width, height: 900 })
      for (const path of paths) {
        await page.goto(path, { waitUntil: 'networkidle' })
        for (const colorScheme of themes) {
          await page.emulateMedia({ colorScheme })
          await expectAccessible(page, `${path} ${colorScheme}`)
        }
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
      }
    })
  }

  await test.step('the repair opens in the planner, fits, and is saved', async () => {
    await page.getByRole('list', { name: 'Nearest repair' }).getByRole('link', { name: 'Open it split anew' }).click()
    await expect(page).toHaveURL(new RegExp(`/plan\\?.*machine=${id}`))
    await page.getByRole('button', { name: 'Save plan' }).click()
    const dialog = page.getByRole('dialog', { name: 'Save this plan' })
    await dialog.getByLabel('Name').fill('Chat on one card')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'Chat on one card' })).toBeVisible()
    await expect(page.getByText('Fits').first()).toBeVisible()
    await expect(page.getByRole('list', { name: 'What has changed' })).toHaveCount(0)
  })

  await test.step('the card comes back, and so does the plan', async () => {
    await importText(bothCards())
    await page.goto('/plans')
    await expect(row).not.toContainText('Broken')
    await expect(page.getByRole('list', { name: 'Drifted' })).toHaveCount(0)
  })
})
