import { expect, type Page, test } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { sampleLab } from './sample-lab.ts'

/** Machines of the lab by name, set once they are there. */
let ids: ReadonlyMap<string, string> = new Map()
/** All machines are judged first, on computers of any speed. */
const patience = { timeout: 60_000 }

test.beforeAll(async ({ playwright, baseURL }) => {
  ids = await sampleLab(playwright.request, baseURL!)
})

/** Opens a plan, and gives the part of it that is solved. */
async function solveFor(page: Page, machine: string, query: string) {
  await page.goto(`/plan?${query}&machine=${ids.get(machine)}`)
  const part = page.getByLabel(`Plan on ${machine}`).getByRole('region', { name: 'Solve for' })
  await expect(part).toBeVisible(patience)
  return { part, ask: (label: string) => part.getByRole('button', { name: label }).click() }
}

test.describe('solving for what is unknown', () => {
  const large = 'model=llama-3.3-70b&mix=Q4_K_M'
  const small = 'model=llama-3-8b&mix=Q4_K_M'
  for (const { label, query, machine, sentence, change } of [
    {
      ...{ label: 'Largest context', machine: 'lab-01', query: `${large}&ctx=4096`, change: /ctx=13312/ },
      sentence: /^The best that fits is a context of 13,312 tokens\. With a context of 13,568 tokens: GPU 0 /,
    },
    {
      ...{ label: 'Most slots', machine: 'lab-04', query: `${small}&ctx=16384&np=2`, change: /ctx=73728&np=9/ },
      sentence: /^The best that fits is 9 slots \(73,728 tokens in all\)\. With 10 slots /,
    },
    {
      ...{ label: 'Best KV type', machine: 'lab-01', query: `${large}&ctx=32768`, change: /ctk=q4_0&ctv=q4_0/ },
      sentence: /^The best that fits is a KV cache in q4_0\. With /,
    },
    {
      ...{ label: 'Best quantization', machine: 'lab-04', query: small, change: /mix=Q8_0/ },
      sentence: /^The best that fits is Q8_0\. With F16: GPU 0 .* short by /,
    },
  ]) {
    test(`${label}: says the best and why it is no better, and uses it`, async ({ page }) => {
      const { part, ask } = await solveFor(page, machine, query)
      await ask(label)
      await expect(part.getByText(sentence)).toBeVisible(patience)
      await part.getByRole('button', { name: 'Use it' }).click()
      await expect(page).toHaveURL(change)
      const detail = page.getByLabel(`Plan on ${machine}`)
      await expect(detail.getByText('Does not fit')).toBeHidden(patience)
      // It stays said until something else is asked for.
      await expect(part.getByRole('button', { name: 'Use it' })).toHaveAttribute('aria-disabled', 'true')
      await expect(part.getByRole('button', { name: 'Use it' })).toHaveAttribute('data-tip', 'The plan has it already.')
      await page.getByLabel('Flash attention').selectOption('off')
      await expect(part.getByRole('status')).toBeEmpty()
    })
  }

  test('says so where nothing fits, and offers nothing', async ({ page }) => {
    const { part, ask } = await solveFor(page, 'lab-04', large)
    await ask('Largest context')
    await expect(part.getByText(/^Not even a context of 256 tokens fits\. .* short by /)).toBeVisible(patience)
    await expect(part.getByRole('button', { name: 'Use it' })).toBeHidden()
  })

  test('says why a quantization cannot be asked for', async ({ page }) => {
    const { part } = await solveFor(page, 'lab-01', 'model=gpt-oss-20b&mix=MXFP4_MOE')
    const button = part.getByRole('button', { name: 'Best quantization' })
    await expect(button).toHaveAttribute('aria-disabled', 'true')
    await expect(button).toHaveAttribute('data-tip', 'The catalogue has this model in one quantization only.')
    await button.press('Enter')
    await expect(part.getByRole('status')).toBeEmpty()
  })

  test('shows that it works, can be cancelled, and can be asked again', async ({ page }) => {
    const { part, ask } = await solveFor(page, 'lab-02', large)
    await ask('Most slots')
    await expect(part.getByText('Looking for the most slots on lab-02')).toBeVisible()
    await part.getByRole('button', { name: 'Cancel' }).click()
    await expect(part.getByRole('status')).toBeEmpty()
    await ask('Largest context')
    await expect(part.getByText(/^The best that fits is a context of 131,072 tokens, with the help of/)).toBeVisible(
      patience,
    )
    await expectAccessible(page)
  })
})

test('the plan stands beside what llama.cpp left alone would do', async ({ page }) => {
  await page.goto(`/plan?model=llama-3.3-70b&mix=Q4_K_M&machine=${ids.get('lab-02')}`)
  await expect(
    page
      .getByLabel('Plan on lab-02')
      .getByText(
        /^llama\.cpp left alone would hold 61 of 81 layers on the GPUs, leaving .* of a margin of 1\.00 GiB; this plan holds 60 of 81 layers on the GPUs\.$/,
      ),
  ).toBeVisible(patience)
})
