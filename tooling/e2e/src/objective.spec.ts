import { expect, test } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { sampleLab } from './sample-lab.ts'

/** Machines of the lab by name, set once they are there. */
let ids: ReadonlyMap<string, string> = new Map()
/** All machines are judged first, on computers of any speed. */
const patience = { timeout: 60_000 }

test.beforeAll(async ({ playwright, baseURL }) => {
  ids = await sampleLab(playwright.request, baseURL!)
})

test('an objective chooses another placement, and the address says it again', async ({ page }) => {
  await page.goto(`/plan?model=llama-3-8b&mix=Q4_K_M&machine=${ids.get('lab-01')}`)
  const detail = page.getByLabel('Plan on lab-01')
  await expect(detail.getByLabel('Layers on GPU 1')).not.toHaveValue('0', patience)
  await page.getByLabel('Objective', { exact: true }).last().selectOption('fewest-devices')
  await expect(detail.getByLabel('Layers on GPU 0')).toHaveValue('33', patience)
  await expect(page).toHaveURL(/prefer=fewest-devices/)
  await page.reload()
  await expect(detail.getByLabel('Layers on GPU 0')).toHaveValue('33', patience)
})

test('margins of single GPUs are kept free', async ({ page }) => {
  await page.goto(`/plan?model=llama-3-8b&mix=Q4_K_M&machine=${ids.get('lab-01')}`)
  const detail = page.getByLabel('Plan on lab-01')
  await expect(detail.getByLabel('Layers on GPU 0')).toBeVisible(patience)
  await page.getByLabel('Margins of single GPUs').fill('2048,512')
  await page.keyboard.press('Enter')
  const margins = detail.getByRole('table', { name: 'Memory by place' }).locator('td:nth-last-child(2) data')
  await expect(margins.first()).toHaveAttribute('value', String(2048 * 1024 ** 2), patience)
  await expect(margins.nth(1)).toHaveAttribute('value', String(512 * 1024 ** 2))
  await expect(page).toHaveURL(/margins=2048(,|%2C)512/)
})

test('a machine that is too small offers a smaller file, and names one that can', async ({ page }) => {
  await page.goto(`/plan?model=llama-3.3-70b&mix=Q4_K_M&machine=${ids.get('lab-04')}`)
  const detail = page.getByLabel('Plan on lab-04')
  await expect(detail.getByText(/^lab-\d+ can host it as asked/)).toBeVisible(patience)
  await expectAccessible(page)
  const smaller = detail.getByRole('button', { name: /^Apply: Take a smaller file/ })
  await expect(smaller).toBeVisible(patience)
  await smaller.click()
  await expect(page).not.toHaveURL(/mix=Q4_K_M/)
  await expect(detail.getByText('Does not fit', { exact: true })).toBeHidden(patience)
})
