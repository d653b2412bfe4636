import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { scene } from './scene.ts'

const run = promisify(execFile)

test('a machine reports itself with a token that was made for it', async ({ page, request }) => {
  const script = join(scene.dataFolder, 'collect.sh')
  const secret = await test.step('make a token where the script is handed out', async () => {
    await page.goto('/machines/import?from=script')
    await page.getByLabel('Token name').fill('End to end')
    await page.getByRole('button', { name: 'Make a token' }).click()
    const shown = page.getByLabel('Registration token', { exact: true })
    await expect(shown).toHaveText(/^brt_[\w-]{43}$/)
    await expect(page.getByLabel('Command: Report every five minutes', { exact: true })).toContainText(
      `--url ${scene.origin} --token-file ~/.berth-token --every 300`,
    )
    await expectAccessible(page)
    return (await shown.textContent()) ?? ''
  })

  await test.step('run the real script against the server', async () => {
    const fetched = await request.get('/collect.sh')
    expect(fetched.headers()['content-type']).toBe('text/x-shellscript; charset=utf-8')
    await writeFile(script, await fetched.text())
    const options = ['--url', scene.origin, '--host', 'reporter', '--every', '300', '--once']
    const { stderr } = await run('sh', [script, ...options], { env: { ...process.env, BERTH_TOKEN: secret } })
    expect(stderr).toContain(`reported reporter to ${scene.origin}`)
  })

  await test.step('see it in the list, fresh', async () => {
    await page.goto('/machines')
    const row = page.getByRole('row', { name: /reporter/ })
    await expect(row).toContainText('just now')
    await expect(row).not.toContainText('stale')
    await row.getByRole('link', { name: 'reporter' }).click()
    await expect(page.getByText('its collector, every 5 min')).toBeVisible()
    await expectAccessible(page)
  })

  await test.step('see that the token was used, and revoke it', async () => {
    await page.goto('/settings')
    const row = page.getByRole('row', { name: /End to end/ })
    await expect(row).toContainText('just now')
    await expectAccessible(page)
    await row.getByRole('button', { name: 'Revoke End to end' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
    await expect(page.getByText('No token yet.')).toBeVisible()
    const refused = run('sh', [script, '--url', scene.origin], { env: { ...process.env, BERTH_TOKEN: secret } })
    await expect(refused).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('answered 401') })
  })

  const { items } = await request.get('/api/v1/machines?limit=1000').then((answer) => answer.json())
  const { id } = items.find(({ name }: { readonly name: string }) => name === 'reporter')
  expect((await request.delete(`/api/v1/machines/${id}`)).ok()).toBe(true)
})
