import { expect, type Page, test } from '@playwright/test'
import { expectAccessible } from './accessible.ts'

/** Machines of its own: they go when the test is over. */
const [NAME, OTHER] = ['promised-lab', 'spare-lab']
const widths = [1440, 360] as const
const themes = ['light', 'dark'] as const
const GPU = 'nvidia-geforce-rtx-3090-24gb'

let ids: readonly string[]
test.beforeAll(async ({ playwright, baseURL }) => {
  const request = await playwright.request.newContext({ baseURL: baseURL! })
  const machineOf = async (name: string, count: number): Promise<string> => {
    const made = await request.post('/api/v1/machines', { data: { name, gpus: [{ gpu: GPU, count }] } })
    return (await made.json()).id
  }
  ids = [await machineOf(NAME, 1), await machineOf(OTHER, 2)]
  await request.dispose()
})

test.afterAll(async ({ playwright, baseURL }) => {
  const request = await playwright.request.newContext({ baseURL: baseURL! })
  const { items } = await request.get('/api/v1/reservations?state=planned&state=active').then((answer) => answer.json())
  for (const { id, machine } of items) {
    if (ids.includes(machine.id)) await request.post(`/api/v1/reservations/${id}/release`, { data: {} })
  }
  for (const id of ids) await request.delete(`/api/v1/machines/${id}?withPlans=true`)
  await request.dispose()
})

const dialog = (page: Page) => page.getByRole('dialog', { name: `Reserve on ${NAME}` })

test('a plan is reserved, a second one is told of the first, and fits once that is released', async ({ page }) => {
  const toReserve = page.getByRole('table', { name: `What would be reserved of ${NAME}` })
  const heading = (name: string) => page.getByRole('heading', { level: 1, name })
  let first = ''

  await test.step('the first, from the planner', async () => {
    await page.goto(`/plan?model=codestral-22b&mix=Q4_K_M&machines=${ids[0]}&machine=${ids[0]}`)
    await page.getByRole('button', { name: 'Reserve', exact: true }).click()
    await expect(toReserve.getByRole('row', { name: /^GPU 0/ })).toContainText('23.47 GiB')
    await expect(dialog(page).getByText('It fits')).toBeVisible()
    await dialog(page).getByLabel('Owner').fill('Operations')
    await dialog(page).getByLabel('Purpose').fill('Support chat')
    await expectAccessible(page, 'the form')
    await dialog(page).getByRole('button', { name: 'Reserve', exact: true }).click()
    await expect(heading('Support chat')).toBeVisible()
    await expect(page.getByLabel('Facts').getByText('Active')).toBeVisible()
    first = new URL(page.url()).pathname
  })

  await test.step('a second conflicts, and names the first and when it ends', async () => {
    await page.goto(`/plan?model=codestral-22b&mix=Q4_K_M&machines=${ids[0]}&machine=${ids[0]}`)
    await page.getByRole('button', { name: 'Reserve', exact: true }).click()
    const conflict = dialog(page).getByRole('alert')
    await expect(conflict).toContainText('It does not fit beside what is reserved.')
    await expect(conflict).toContainText('of Operations')
    await expect(conflict.getByRole('link', { name: 'Support chat' })).toHaveAttribute('href', first)
    await expect(conflict).toContainText('It would fit from')
    await dialog(page).getByLabel('Owner').fill('Research')
    await expect(dialog(page).getByRole('button', { name: 'Reserve', exact: true })).toHaveAttribute(
      'aria-disabled',
      'true',
    )
    await expectAccessible(page, 'the conflict')
    await conflict.getByRole('button', { name: 'Begin then' }).click()
    await expect(dialog(page).getByText('It fits')).toBeVisible()
  })

  await test.step('the machine and the timeline tell of the first', async () => {
    await page.goto(`/machines/${ids[0]}`)
    const reservations = page.getByLabel('Reservations', { exact: true })
    await expect(reservations.getByRole('row', { name: /^Support chat/ })).toContainText('Operations')
    await reservations.getByRole('link', { name: 'Timeline' }).click()
    await expect(
      page.getByRole('link', { name: /^Support chat: Active, .* on GPU 0 .* of promised-lab/ }),
    ).toBeVisible()
    await page.getByRole('button', { name: 'The week after' }).click()
    await expect(page).toHaveURL(/day=\d{4}-\d\d-\d\d/)
    await page.getByRole('button', { name: 'Today' }).click()
    await page.getByRole('button', { name: 'Month' }).click()
    await expect(page).toHaveURL(/zoom=month/)
    await page.getByText('The same as a table').click()
    await expect(page.getByRole('table', { name: 'Reservations by place' })).toContainText('Support chat')
  })

  for (const width of widths) {
    await test.step(`the pages are accessible at ${width}`, async () => {
      await page.setViewportSize({ width, height: 900 })
      for (const path of ['/reservations', first, `/reservations/new?machine=${ids[0]}`, '/reservations/nothing']) {
        await page.goto(path, { waitUntil: 'networkidle' })
        for (const colorScheme of themes) {
          await page.emulateMedia({ colorScheme })
          await expectAccessible(page, `${path} ${colorScheme}`)
        }
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
      }
    })
  }

  await test.step('the first is released, with a message', async () => {
    await page.setViewportSize({ width: 1440, height: 900 })
    await page.goto(first)
    await page.getByRole('button', { name: 'Release' }).click()
    const release = page.getByRole('dialog', { name: 'Release Support chat?' })
    await release.getByLabel('Message for the history').fill('no longer needed')
    await release.getByRole('button', { name: 'Release it' }).click()
    await expect(page.getByLabel('Facts').getByText('Released').first()).toBeVisible()
    await expect(page.getByRole('button', { name: 'Extend' })).toHaveAttribute('aria-disabled', 'true')
  })

  await test.step('the second fits now', async () => {
    await page.goto(`/plan?model=codestral-22b&mix=Q4_K_M&machines=${ids[0]}&machine=${ids[0]}`)
    await page.getByRole('button', { name: 'Reserve', exact: true }).click()
    await expect(dialog(page).getByText('It fits')).toBeVisible()
    await dialog(page).getByLabel('Owner').fill('Research')
    await dialog(page).getByRole('button', { name: 'Reserve', exact: true }).click()
    await expect(heading('Codestral 22B')).toBeVisible()
  })
})

test('what moved under a form is looked at again; a reservation is extended and moved', async ({ page, request }) => {
  const reserve = (device: string, purpose: string, gib: number, startsAt?: string) =>
    request.post('/api/v1/reservations', {
      data: {
        what: {
          kind: 'memory',
          machineId: ids[1],
          memory: [{ place: { kind: 'device', device }, bytes: gib * 1024 ** 3 }],
        },
        ...{ owner: 'Teaching', purpose, startsAt, endsAt: new Date(Date.now() + 30 * 86_400_000).toISOString() },
      },
    })
  const { devices } = await request.get(`/api/v1/machines/${ids[1]}`).then((answer) => answer.json())
  const heading = page.getByRole('heading', { level: 1 })

  await test.step('the inventory moves between the dry run and the reservation', async () => {
    await page.goto(`/reservations/new?machine=${ids[1]}`)
    await page.getByLabel(/^GPU 0 .* in GiB$/).fill('4')
    await page.getByLabel('Owner').fill('Sales')
    await page.getByLabel('Purpose').fill('Demo')
    await expect(page.getByText('It fits')).toBeVisible()
    expect((await reserve(devices[0].id, 'Course', 6)).status()).toBe(201)
    await page.getByRole('button', { name: 'Reserve', exact: true }).click()
    await expect(page.getByText('The inventory moved since; look again.')).toBeVisible()
    await expect(page.getByRole('row', { name: /^GPU 0/ })).toContainText('6.00 GiB')
    await page.getByRole('button', { name: 'Reserve', exact: true }).click()
    await expect(heading).toHaveText('Demo')
  })

  await test.step('another end, which a later reservation is in the way of', async () => {
    const later = new Date(Date.now() + 10 * 86_400_000).toISOString()
    expect((await reserve(devices[0].id, 'Exam', 14, later)).status()).toBe(201)
    await page.getByRole('button', { name: 'Extend' }).click()
    const dialog = page.getByRole('dialog', { name: 'Another end for Demo' })
    await dialog.getByLabel('Open-ended').check()
    await dialog.getByRole('button', { name: 'Set this end' }).click()
    await expect(dialog.getByRole('alert').getByRole('link', { name: 'Exam' })).toBeVisible()
    await expectAccessible(page, 'a refused end')
    await dialog.getByRole('button', { name: 'Close' }).click()
  })

  await test.step('to the other machine, once it is seen that it fits there', async () => {
    await page.getByRole('button', { name: 'Move' }).click()
    const dialog = page.getByRole('dialog', { name: 'Move Demo' })
    await dialog.getByLabel('To machine').selectOption({ label: NAME })
    await dialog.getByLabel(/^GPU 0 .* in GiB$/).fill('0.5')
    await expect(dialog.getByText('It fits')).toBeVisible()
    await expectAccessible(page, 'the move')
    await dialog.getByRole('button', { name: 'Move it' }).click()
    await expect(page.getByText(`Reserved on ${NAME} for Sales`)).toBeVisible()
  })
})
