import { expect, test } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { sampleLab } from './sample-lab.ts'

/** Machines of the lab by name, set once they are there. */
let ids: ReadonlyMap<string, string> = new Map()
/** Each model is planned with twice, on computers of any speed. */
const patience = { timeout: 60_000 }

test.beforeAll(async ({ playwright, baseURL }) => {
  ids = await sampleLab(playwright.request, baseURL!)
})

test('a machine that is one upgrade away, and what else the upgrade allows', async ({ page, request }) => {
  const machinesBefore = await request.get('/api/v1/machines?limit=1000').then((answer) => answer.json())

  await test.step('the lab says which machines would host a 70B, and by what', async () => {
    await page.goto('/')
    await page.getByRole('link', { name: 'Capacity' }).first().click()
    await page.getByRole('tab', { name: 'One upgrade away' }).click()
    await expect(page.getByText('Choose a model; every machine then says what it would take.')).toBeVisible()
    await page.getByRole('button', { name: 'Choose a model' }).click()
    await page.getByLabel('Search models').fill('Llama 3.3 70B')
    // The journey has stored one of the same name.
    const catalogue = page.getByRole('region', { name: 'Catalogue' })
    await catalogue.getByRole('button', { name: /^Llama 3\.3 70B/ }).click()
    const table = page.getByRole('table', { name: 'Machines' })
    const row = table.getByRole('row').filter({ hasText: 'lab-02' })
    await expect(row.getByText('One upgrade away')).toBeVisible(patience)
    await expect(
      row.getByText(/^One more NVIDIA GeForce RTX 4090 \(24\.00 GiB\): it then fits on the GPUs, with /),
    ).toBeVisible()
    await expect(table.getByRole('row').filter({ hasText: 'lab-01' }).getByText('Nothing is needed')).toBeVisible()
    await expect(page).toHaveURL(/q=upgrades&model=llama-3\.3-70b&mix=Q4_K_M/)
    await expectAccessible(page)
  })

  await test.step('with host memory it is another question', async () => {
    await page.getByLabel('Where it may lie').selectOption('on GPUs and in host memory')
    const row = page.getByRole('table', { name: 'Machines' }).getByRole('row').filter({ hasText: 'lab-02' })
    await expect(row.getByText('Needs host memory')).toBeVisible(patience)
    await page.getByLabel('Where it may lie').selectOption('on GPUs alone')
    await expect(row.getByText('One upgrade away')).toBeVisible(patience)
  })

  await test.step('the upgrade leads to what it would change for other models', async () => {
    const row = page.getByRole('table', { name: 'Machines' }).getByRole('row').filter({ hasText: 'lab-02' })
    await row.getByRole('link', { name: 'What else it allows' }).first().click()
    await expect(page.getByRole('tab', { name: 'What if?' })).toHaveAttribute('data-state', 'active')
    await expect(page.getByLabel('Changes so far')).toContainText('One more NVIDIA GeForce RTX 4090')
    await expect(
      page.getByText('Fits on GPUs now').or(page.getByText('Needs no host memory any more')).first(),
    ).toBeVisible(patience)
  })

  await test.step('it shows how far it is, and can be cancelled and asked again', async () => {
    await page.reload()
    const answer = page.getByRole('region', { name: 'What lab-02 would host' })
    await expect(answer.getByRole('status')).toHaveText(/^\d+ of \d+ models$/, patience)
    await answer.getByRole('button', { name: 'Cancel' }).click()
    await expect(answer.getByText(/^Cancelled after /)).toBeVisible()
    await answer.getByRole('button', { name: 'Ask again' }).click()
    await expect(answer.getByText(/^Cancelled after /)).toBeHidden()
    await answer.getByRole('button', { name: 'Cancel' }).click()
  })

  await test.step('two 3090s in a machine of one small card', async () => {
    await page.goto(`/capacity?q=what-if&stored=false&cat=Q8_0&machine=${ids.get('lab-04')}`)
    await page.getByLabel('Card').selectOption('NVIDIA GeForce RTX 3090, 24.00 GiB')
    await page.getByRole('spinbutton', { name: 'How many' }).fill('2')
    await page.getByRole('button', { name: 'Add the change' }).click()
    await expect(page.getByLabel('Changes so far')).toHaveText('2 NVIDIA GeForce RTX 3090 (24.00 GiB each)')
    const row = page.getByRole('table', { name: 'Models' }).getByRole('row').filter({ hasText: 'Qwen2.5 32B' })
    await expect(row.getByText('Fits on GPUs now')).toBeVisible(patience)
    await page.getByRole('button', { name: /^Leave out: 2 NVIDIA/ }).click()
    await expect(page.getByText('Say what is changed in it, and which models are tried.')).toBeVisible()
  })

  await test.step('nothing of it was stored', async () => {
    expect(await request.get('/api/v1/machines?limit=1000').then((answer) => answer.json())).toEqual(machinesBefore)
  })
})

test('what can host a model for four users, and the plan behind it', async ({ page }) => {
  await page.goto('/capacity?model=llama-3.3-70b&mix=Q4_K_M&users=4')
  const table = page.getByRole('table', { name: 'Machines' })
  const row = table.getByRole('row').filter({ hasText: 'lab-03' })
  await expect(row.getByText('Fits', { exact: true })).toBeVisible(patience)
  await expect(row.getByText('131,072 (all it knows)')).toBeVisible()
  await expect(
    table
      .getByRole('row')
      .filter({ hasText: 'lab-04' })
      .getByText(/short by /),
  ).toBeVisible()
  await row.getByRole('link', { name: 'lab-03' }).click()
  await expect(page).toHaveURL(/\/plan\?model=llama-3\.3-70b&mix=Q4_K_M&ctx=32768&np=4&.*machine=/)
  await expect(page.getByLabel('Plan on lab-03')).toBeVisible(patience)
})

test('how many replicas fit the lab', async ({ page }) => {
  await page.goto('/capacity?q=replicas&model=llama-3-8b&mix=Q4_K_M&users=2')
  await expect(
    page.getByText(/^\d+ replicas fit on \d+ of \d+ machines, which serve \d+ users at once\.$/),
  ).toBeVisible(patience)
  const table = page.getByRole('table', { name: 'Machines' })
  await expect(table.getByRole('row').filter({ hasText: 'lab-03' }).getByText('no more would fit')).toBeVisible()
  await expectAccessible(page)
})
