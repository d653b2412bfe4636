import { expect, type Page, test } from '@playwright/test'
import { expectAccessible } from './accessible.ts'

const MODEL = '/models/catalogue/llama-3.3-70b?mix=Q4_K_M'

const section = (page: Page) => page.getByLabel('Memory', { exact: true })
const table = (page: Page) => section(page).getByRole('table', { name: 'Memory of the model' })

test('a model says what it takes before a machine is chosen', async ({ page }) => {
  await test.step('a figure opens to its formula, by keyboard', async () => {
    await page.goto(MODEL, { waitUntil: 'networkidle' })
    const opener = table(page).getByRole('button', { name: /^Attention/ })
    await expect(opener).toHaveAttribute('aria-expanded', 'false')
    await opener.focus()
    await page.keyboard.press('Enter')
    await expect(opener).toHaveAttribute('aria-expanded', 'true')
    // 80 blocks × 8,192 cells × 2,048 elements of two bytes
    await expect(table(page).getByText('80 blocks × 8,192 cells × (K 1,024 in f16 + V 1,024 in f16)')).toBeVisible()
    await expect(table(page).getByText('2,684,354,560 bytes', { exact: true })).toBeVisible()
    await expect(table(page).getByText('Source: llama_kv_cache')).toBeVisible()
  })

  await test.step('another context is counted in the browser, and kept in the address', async () => {
    await section(page).getByLabel('Context', { exact: true }).fill('32768')
    await page.keyboard.press('Enter')
    await expect(
      table(page)
        .locator(`data[value="${80 * 32_768 * 2048 * 2}"]`)
        .first(),
    ).toBeVisible()
    await section(page).getByLabel('Compute capability').selectOption('9.0')
    await expect(
      table(page)
        .getByRole('row', { name: /Driver context/ })
        .getByText('640 MiB'),
    ).toBeVisible()
    await expect(page).toHaveURL(/ctx=32768.*cc=9\.0|cc=9\.0.*ctx=32768/)
  })

  const totals = await table(page)
    .getByRole('row', { name: /^In all/ })
    .allInnerTexts()
  expect(totals).toHaveLength(2)

  await test.step('the address brings the same figures back, and another mix keeps the rest of it', async () => {
    await page.reload({ waitUntil: 'networkidle' })
    await expect(table(page).getByRole('row', { name: /^In all/ })).toHaveText(totals, { useInnerText: true })
    await page.getByLabel('Quantization').selectOption('Q8_0')
    await expect(page).toHaveURL(/mix=Q8_0/)
    await expect(page).toHaveURL(/ctx=32768/)
    await expect(table(page).getByRole('row', { name: /^In all/ })).not.toHaveText(totals, { useInnerText: true })
    await expect(section(page).getByRole('link', { name: 'Plan with these settings' })).toHaveAttribute(
      'href',
      /\/plan\?model=llama-3\.3-70b&mix=Q8_0&ctx=32768$/,
    )
  })

  await test.step('what the engine refuses is said instead', async () => {
    await section(page).getByLabel('Flash attention').selectOption('off')
    await section(page).getByLabel('V cache', { exact: true }).selectOption('q8_0')
    await expect(section(page).getByRole('alert')).toContainText('a quantized V cache needs flash attention')
    await expect(table(page)).toBeHidden()
  })
})

for (const { colorScheme, width } of [
  { colorScheme: 'light', width: 360 },
  { colorScheme: 'dark', width: 1440 },
] as const) {
  test.describe(`${colorScheme} at ${width}`, () => {
    test.use({ colorScheme, viewport: { width, height: 900 } })

    test('every formula open is accessible and fits', async ({ page }) => {
      await page.goto('/models/catalogue/gemma-3-27b?np=2', { waitUntil: 'networkidle' })
      await page.getByRole('button', { name: 'Open every formula' }).click()
      await section(page).getByText('The same as a table').click()
      await expect(table(page).getByText(/^Source: /)).toHaveCount(await table(page).getByRole('button').count())
      await expectAccessible(page)
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
    })
  })
}
