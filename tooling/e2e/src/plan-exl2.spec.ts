import { join } from 'node:path'
import { SEVENTY_B, writeSparseFolder } from '@berth/exl2/testing'
import { expect, test } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { scene } from './scene.ts'

const NAME = 'Llama-3.3-70B-4.0bpw'

test('from an EXL2 folder to its command and its config', async ({ page, request }) => {
  const path = await writeSparseFolder(join(scene.modelFolder, NAME), SEVENTY_B)
  await request.post('/api/v1/sample-lab', { data: {} })

  await test.step('import the folder', async () => {
    await page.goto('/models/import')
    await page.getByLabel('Address').fill(path)
    await page.getByRole('button', { name: 'Import', exact: true }).click()
    await expect(page.getByRole('heading', { level: 1, name: NAME })).toBeVisible()
  })

  await test.step('its page shows bits, caches and modules', async () => {
    await expect(page.getByText('EXL2, converter 0.2.4')).toBeVisible()
    await expect(page.getByRole('table', { name: 'Cache' }).getByRole('row', { name: /Q4.*92,160 B/ })).toBeVisible()
    await expect(page.getByRole('table', { name: 'Weights by module' }).getByText('Feed forward')).toBeVisible()
    await expectAccessible(page)
  })

  await test.step('it is planned for an engine that reads it', async () => {
    await page.getByRole('link', { name: 'Plan with it' }).click()
    await expect(page).toHaveURL(/engine=tabbyapi/)
    await expect(page.getByLabel('Engine')).toHaveValue('tabbyapi')
    const detail = page.getByLabel(/^Plan on /)
    await expect(detail.getByText('model_name: "Llama-3.3-70B-4.0bpw"')).toBeVisible()
    await expect(page.getByLabel('K cache')).toHaveCount(0)
    await expect(page.getByLabel('ubatch')).toHaveCount(0)
  })

  await test.step('another cache changes the plan and its config', async () => {
    await page.getByLabel('Cache', { exact: true }).selectOption('Q4')
    await expect(page).toHaveURL(/cache=Q4/)
    await expect(page.getByLabel(/^Plan on /).getByText('cache_mode: "Q4"')).toBeVisible()
  })

  await test.step('the script of ExLlamaV2 is told the split in GB', async () => {
    await page.getByLabel('Engine').selectOption('exllamav2')
    const detail = page.getByLabel(/^Plan on /)
    await expect(detail.getByText(/-gs [\d.,]+ -l 8192 -chunk 2048 -cq4/)).toBeVisible()
    await expect(detail.getByText(/GB$/).first()).toBeVisible()
    await expectAccessible(page)
  })

  await test.step('a plan of it is saved and opened again', async () => {
    await page.getByRole('button', { name: 'Save plan' }).click()
    await page.getByLabel('Name').fill('EXL2 chat')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'EXL2 chat' })).toBeVisible()
    await expect(page.getByText(/cache Q4/).first()).toBeVisible()
    await page.getByRole('link', { name: 'Open in the planner' }).click()
    await expect(page.getByLabel('Cache', { exact: true })).toHaveValue('Q4')
    await expect(page.getByLabel('Engine')).toHaveValue('exllamav2')
  })

  await test.step('an engine of files cannot be chosen for it', async () => {
    await expect(page.getByLabel('Engine').locator('option[value="llama.cpp"]')).toBeDisabled()
  })
})
