import { expect, test } from '@playwright/test'

test('the margin of the team is what plans start from', async ({ page, request }) => {
  await page.goto('/settings')
  const field = page.getByLabel('Margin in MiB')
  await field.fill('nonsense')
  await expect(page.getByText('A whole number from 0 to 65536.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Save' })).toBeDisabled()
  await field.fill('2048')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('Saved.')).toBeVisible()
  await page.goto('/plan?model=llama-3.3-70b&mix=Q4_K_M')
  await expect(page).toHaveURL(/margin=2048/)
  await expect(
    page.getByRole('spinbutton', { name: 'Margin per GPU' }).or(page.getByLabel('Margin per GPU').last()),
  ).toHaveValue('2048')
  expect((await request.patch('/api/v1/team', { data: { marginBytes: null } })).ok()).toBe(true)
})
