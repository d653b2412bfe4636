import { expect, test } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { sampleLab } from './sample-lab.ts'

/** Of the lab's machine with two RTX 3090, set once it is there. */
let path = ''
/** All machines are judged first, on computers of any speed. */
const patience = { timeout: 60_000 }

test.beforeAll(async ({ playwright, baseURL }) => {
  const ids = await sampleLab(playwright.request, baseURL!)
  path = `/plan?model=llama-3.3-70b&mix=Q4_K_M&machine=${ids.get('lab-01')}`
})

test('the keyboard moves a boundary, every figure follows, and the address says it again', async ({ page }) => {
  await page.goto(path)
  const detail = page.getByLabel(/^Plan on /)
  const boundary = detail.getByRole('separator', { name: 'Boundary between GPU 0 and GPU 1' })
  await expect(boundary).toBeVisible(patience)
  const first = detail.getByLabel('Layers on GPU 0')
  const second = detail.getByLabel('Layers on GPU 1')
  const counts = async () => [Number(await first.inputValue()), Number(await second.inputValue())]
  const [onFirst, onSecond] = await counts()
  const memory = detail.getByRole('table', { name: 'Memory by place' }).getByRole('row').nth(1)
  const before = await memory.locator('data').first().getAttribute('value')

  await boundary.focus()
  for (let step = 0; step < 3; step++) await page.keyboard.press('ArrowLeft')
  await expect(boundary).toHaveAttribute('aria-valuenow', String(onFirst! - 3))
  expect(await counts()).toEqual([onFirst! - 3, onSecond! + 3])
  await expect(memory.locator('data').first()).not.toHaveAttribute('value', before!)
  await expect(detail.getByText(/this split (leaves|lacks) .* (worse|better)/)).toBeVisible()
  await expect(page).toHaveURL(new RegExp(`split=gpu-0(:|%3A)${onFirst! - 3}(,|%2C)gpu-1(:|%3A)${onSecond! + 3}`))
  const after = await memory.locator('data').first().getAttribute('value')

  const again = page.url()
  await page.goto('/plans')
  await page.goto(again)
  await expect(first).toHaveValue(String(onFirst! - 3), patience)
  await expect(memory.locator('data').first()).toHaveAttribute('value', after!)
  await expectAccessible(page)

  await detail.getByRole('button', { name: 'Back to the plan' }).click()
  await expect(first).toHaveValue(String(onFirst))
  await expect(memory.locator('data').first()).toHaveAttribute('value', before!)
  await expect(page).not.toHaveURL(/split=/)
})

test('numbers split by hand too, and what does not fit says why', async ({ page }) => {
  await page.goto(path)
  const detail = page.getByLabel(/^Plan on /)
  await expect(detail.getByLabel('Layers on GPU 0')).toBeVisible(patience)
  await detail.getByLabel('Layers on GPU 0').fill('81')
  await page.keyboard.press('Enter')
  await expect(detail.getByLabel('Layers on GPU 1')).toHaveValue('0')
  await expect(detail.getByText('Split by hand, it does not fit.')).toBeVisible(patience)
  await expect(detail.getByText(/^GPU 0 .*short by/)).toBeVisible()
  await expect(detail.getByRole('heading', { name: 'Command' })).toBeHidden()
})

test('a boundary is dragged with the pointer', async ({ page }) => {
  await page.goto(path)
  const detail = page.getByLabel(/^Plan on /)
  const boundary = detail.getByRole('separator', { name: 'Boundary between GPU 0 and GPU 1' })
  await expect(boundary).toBeVisible(patience)
  await boundary.scrollIntoViewIfNeeded()
  const before = Number(await boundary.getAttribute('aria-valuenow'))
  const box = (await boundary.boundingBox())!
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  await page.mouse.down()
  await page.mouse.move(box.x - 60, box.y + box.height / 2, { steps: 4 })
  await page.mouse.up()
  await expect.poll(async () => Number(await boundary.getAttribute('aria-valuenow'))).toBeLessThan(before)
  await expect(detail.getByRole('button', { name: 'Back to the plan' })).toBeVisible()
})
