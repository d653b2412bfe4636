import { expect, type Page, test } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { labNames, labTable, labText } from './lab-text.ts'

/** Other stories plan on every machine there is; these go when the test is over. */
test.afterAll(async ({ playwright, baseURL }) => {
  const request = await playwright.request.newContext({ baseURL: baseURL! })
  const { items } = await request.get('/api/v1/machines?limit=1000').then((answer) => answer.json())
  for (const { id, name } of items as readonly { readonly id: string; readonly name: string }[]) {
    if (labNames.includes(name)) await request.delete(`/api/v1/machines/${id}?withPlans=true`)
  }
  await request.dispose()
})

async function read(page: Page, text: string): Promise<void> {
  await page.goto('/machines/import')
  await page.getByRole('textbox', { name: 'Output' }).fill(text)
  await page.getByRole('button', { name: 'Read' }).click()
}

async function drop(page: Page, name: string, text: string): Promise<void> {
  const files = await page.evaluateHandle(
    ([fileName, content]) => {
      const transfer = new DataTransfer()
      transfer.items.add(new File([content], fileName, { type: 'text/csv' }))
      return transfer
    },
    [name, text] as const,
  )
  await page.getByRole('textbox', { name: 'Output' }).dispatchEvent('drop', { dataTransfer: files })
}

test('a lab of twelve machines, from pasted text and a table', async ({ page }) => {
  const preview = page.getByLabel('Preview')
  const save = async () => {
    await preview.getByRole('button', { name: /^Save/ }).click()
    await expect(page.getByText(/^Saved \d+ machines\.$/)).toBeVisible()
  }
  const first = labText({ driver: '570.86.10', radeons: 2 })

  await test.step('ten hosts are pasted, looked at and saved', async () => {
    await read(page, first)
    await expect(preview.getByText('10 new')).toBeVisible()
    await expect(preview.getByText(/lines \d+–\d+: scontrol show node/)).toBeVisible()
    await expectAccessible(page, 'the preview')
    await save()
  })

  await test.step('two more are dropped as a file', async () => {
    await page.goto('/machines/import')
    await drop(page, 'spares.csv', labTable)
    await expect(page.getByRole('textbox', { name: 'Output' })).toHaveValue(labTable)
    await page.getByRole('button', { name: 'Read' }).click()
    await expect(preview.getByText('2 new')).toBeVisible()
    await save()
  })

  await test.step('all twelve are listed, with what they have', async () => {
    await page.goto('/machines')
    const table = page.getByRole('table', { name: 'Machines' })
    for (const name of labNames) await expect(table.getByRole('link', { name, exact: true })).toBeVisible()
    const rowOf = (name: string) =>
      table.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) })
    await expect(rowOf('rack-01')).toContainText('2 × RTX 3090')
    // Metal's share of 192 GiB, which no tool printed.
    await expect(rowOf('studio')).toContainText('144.00 GiB')
    await expect(rowOf('gpu-s2')).toContainText('not measured')
    await page.getByRole('searchbox', { name: 'Search machines' }).fill('L40S')
    await expect(table.getByRole('link')).toHaveCount(4)
    await expectAccessible(page, 'the list')
  })

  await test.step('the same text changes nothing', async () => {
    await read(page, first + labTable)
    await expect(preview.getByText('12 unchanged')).toBeVisible()
    await expect(preview.getByRole('button', { name: 'Save as measured now' })).toBeVisible()
  })

  await test.step('new drivers and a card that is gone are shown before they are saved', async () => {
    await read(page, labText({ driver: '580.95.05', radeons: 1 }))
    await expect(preview.getByText('3 changed, 7 unchanged')).toBeVisible()
    await expect(preview.getByText('580.95.05')).toHaveCount(2)
    await expect(preview.getByText('is gone')).toHaveCount(1)
    await save()
  })

  await test.step('the card is missing, not deleted', async () => {
    await page.goto('/machines')
    await page.getByRole('link', { name: 'rack-05', exact: true }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'rack-05' })).toBeVisible()
    const missing = page.getByRole('list', { name: 'Missing GPUs' })
    await expect(missing.getByText('Radeon RX 7900 XTX')).toBeVisible()
    await expectAccessible(page, 'the machine')
    await missing.getByRole('button', { name: 'Forget Radeon RX 7900 XTX' }).click()
    await expect(missing).toBeHidden()
  })
})
