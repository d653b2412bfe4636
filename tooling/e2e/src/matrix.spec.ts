import { expect, type Locator, type Page, test } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { sampleLab } from './sample-lab.ts'

/** Three files on the sample lab alone, whatever else is registered. */
const MATRIX = '/fleet?models=llama-3.3-70b@Q8_0@Q4_K_M,llama-3.1-8b@Q8_0&among=state%3Dsample'

let lab: ReadonlyMap<string, string>

test.beforeAll(async ({ playwright, baseURL }) => {
  lab = await sampleLab(playwright.request, baseURL!)
})

const grid = (page: Page): Locator => page.getByRole('grid', { name: 'Models by machines' })
const placeOf = async (heading: Locator): Promise<readonly string[]> =>
  ((await heading.getAttribute('data-at')) ?? '').split(':')

/** The cell where a row and a column of these names meet. */
async function cellAt(page: Page, row: RegExp, machine: RegExp): Promise<Locator> {
  const [at] = await placeOf(grid(page).getByRole('rowheader', { name: row }))
  const [, over] = await placeOf(grid(page).getByRole('columnheader', { name: machine }))
  return grid(page).locator(`[data-at="${at}:${over}"]`)
}

const context = (page: Page): Locator => page.getByLabel('Context', { exact: true })

test('where the 70B can go: sliders, filters, keys, and from a cell to its plan', async ({ page }) => {
  await page.goto(MATRIX)

  await test.step('every file has a verdict on every machine, first estimated and then planned', async () => {
    await expect(grid(page).getByRole('rowheader')).toHaveText([
      /^Llama 3\.3 70B/,
      /^Q8_0/,
      /^Q4_K_M/,
      /^Llama 3\.1 8B.* Q8_0/,
    ])
    const cell = await cellAt(page, /^Q4_K_M/, /^lab-01/)
    await expect(cell).toHaveAccessibleName(/^Fits(?:, tight)?: \d/)
    await expect(cell).toHaveText(/^\+\d/)
    await expect(await cellAt(page, /^Q8_0/, /^lab-01/)).toHaveAccessibleName(/^(?:Does not fit|Needs host memory): \d/)
    await expect(await cellAt(page, /^Llama 3\.3 70B/, /^lab-01/)).toHaveText(/Q4_K_M$/)
  })

  await test.step('a longer context turns it', async () => {
    await context(page).fill('131072')
    await context(page).press('Enter')
    await expect(await cellAt(page, /^Q4_K_M/, /^lab-01/)).toHaveAccessibleName(
      /^(?:Does not fit|Needs host memory): \d/,
    )
    await expect(page).toHaveURL(/ctx=131072/)
    await context(page).fill('4096')
    await context(page).press('Enter')
    await expect(await cellAt(page, /^Q4_K_M/, /^lab-01/)).toHaveAccessibleName(/^Fits/)
  })

  await test.step('what is looked for is kept, and the rest left out', async () => {
    const before = await grid(page).getByRole('rowheader').count()
    const refused = page.getByRole('button', { name: /^Refused \d/ })
    await refused.click()
    await expect(page.getByText('No model on any machine is of the verdicts that are chosen.')).toBeVisible()
    await page.getByRole('button', { name: 'Show all' }).click()
    await expect(grid(page).getByRole('rowheader')).toHaveCount(before)
    await page.getByLabel('At least to spare').fill('4000')
    await page.getByLabel('At least to spare').press('Enter')
    await expect(grid(page).getByRole('rowheader', { name: /^Q4_K_M/ })).toHaveText(/on 0 of \d+$/)
    await page.getByLabel('At least to spare').fill('0')
    await page.getByLabel('At least to spare').press('Enter')
    await page.getByLabel('Rows', { exact: true }).selectOption('models')
    await expect(grid(page).getByRole('rowheader')).toHaveCount(2)
    await page.getByLabel('Rows', { exact: true }).selectOption('files')
  })

  await test.step('rows are sorted by what is to spare on a machine, columns by what they host', async () => {
    await grid(page)
      .getByRole('columnheader', { name: /^lab-01/ })
      .click()
    await expect(grid(page).getByRole('columnheader', { name: /^lab-01/ })).toHaveAttribute('aria-sort', 'descending')
    await expect(grid(page).getByRole('rowheader').first()).toHaveText(/^Llama 3\.1 8B/)
    await page.getByLabel('Sort rows').selectOption('given')
    await page.getByLabel('Sort machines').selectOption('-memory')
    await page.getByLabel('Sort machines').selectOption('name')
  })

  await test.step('arrow keys move over it, and a key opens what they stand on', async () => {
    const [row, column] = await placeOf(await cellAt(page, /^Q4_K_M/, /^lab-01/))
    await (await cellAt(page, /^Llama 3\.3 70B/, /^lab-01/)).focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    const cell = grid(page).locator(`[data-at="${row}:${column}"]`)
    await expect(cell).toBeFocused()
    await expect(grid(page).locator('[tabindex="0"]')).toHaveCount(1)
    await page.keyboard.press('Enter')
    const drawer = page.getByRole('complementary', { name: /^Llama 3\.3 70B.* Q4_K_M on lab-01$/ })
    await expect(drawer.getByText('Largest context')).toBeVisible()
    await expect(drawer.getByRole('region', { name: 'Best engine' })).toContainText(/Fits/)
    await page.reload()
    await expect(drawer.getByText('Largest context')).toBeVisible()
  })

  await test.step('the cell leads to its plan, asked the same', async () => {
    await page.getByRole('link', { name: 'Open the plan' }).click()
    await expect(page).toHaveURL(/\/plan\?/)
    const { searchParams } = new URL(page.url())
    expect(Object.fromEntries(searchParams)).toEqual({
      model: 'llama-3.3-70b',
      mix: 'Q4_K_M',
      ctx: '4096',
      machine: lab.get('lab-01'),
    })
    await expect(page.getByLabel('Plan on lab-01')).toBeVisible()
  })
})

for (const width of [1440, 360]) {
  test.describe(`at ${width}`, () => {
    test.use({ viewport: { width, height: 900 } })
    test('the matrix is accessible in both themes, with a cell that is open and with its models', async ({ page }) => {
      await page.goto(`${MATRIX}&file=llama-3.3-70b%40Q4_K_M&on=${lab.get('lab-01')}`)
      await expect(page.getByText('Largest context')).toBeVisible()
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        await expectAccessible(page, colorScheme)
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
      }
      await page.getByRole('button', { name: 'Close' }).click()
      await page.getByRole('button', { name: 'Models (3 files)' }).click()
      await page.getByRole('searchbox', { name: 'Search models' }).fill('llama 3')
      await expectAccessible(page, 'models')
    })
  })
}
