import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from '@playwright/test'
import { scene } from './scene.ts'
import { writeSeventyB } from './seventy-b.ts'
import { twoGpuXml } from './two-gpu-xml.ts'

const run = promisify(execFile)

/** The parts of a verdict that the page, the API and the command line must agree on. */
interface Verdict {
  readonly fits: boolean
  readonly best: {
    readonly split: { readonly devices: readonly { readonly device: string; readonly layers: number }[] }
    readonly memory: readonly Record<'model' | 'context' | 'compute' | 'overhead', number>[]
  }
  readonly launch: { readonly arguments: readonly string[]; readonly shell: string }
  readonly speed: { readonly explanation: readonly string[] }
}

/** The run is recorded: its trace shows every step. */
test.use({ trace: 'on' })

test('from pasted output and a 70B header to a command', async ({ page, request }) => {
  const model = await writeSeventyB()

  await test.step('an empty lab says what to do first', async () => {
    await page.goto('/')
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await expect(page.getByRole('link', { name: /add a machine/i }).first()).toBeVisible()
  })

  await test.step('paste nvidia-smi, look at the difference, save', async () => {
    await page.goto('/machines/import')
    await page.getByRole('textbox', { name: 'Output' }).fill(twoGpuXml())
    await page.getByLabel('Machine name').fill('lab-07')
    await page.getByRole('button', { name: 'Read' }).click()
    await expect(page.getByText('NVIDIA GeForce RTX 3090').first()).toBeVisible()
    await expect(page.getByText(/new/i).first()).toBeVisible()
    const before = await request.get('/api/v1/machines').then((answer) => answer.json())
    expect(before.items).toHaveLength(0)
    await page.getByRole('button', { name: /^Save/ }).click()
    await expect(page.getByRole('heading', { name: 'lab-07' })).toBeVisible()
  })

  await test.step('import the model by its header', async () => {
    await page.goto('/models/import')
    await page.getByLabel('Address').fill(model.path)
    await page.getByRole('button', { name: 'Import', exact: true }).click()
    await expect(page.getByRole('heading', { level: 1, name: /llama 3\.3 70b/i })).toBeVisible()
  })

  const stored = (await request.get('/api/v1/models').then((answer) => answer.json())).items[0]
  expect(stored.fileBytes).toBe(model.bytes)

  await test.step('plan it: layers, memory, command', async () => {
    await page.goto(`/plan?model=${stored.id}&ctx=8192`)
    const detail = page.getByLabel('Plan on lab-07')
    await expect(detail.getByText('-ts 41,40')).toBeVisible()
    await expect(detail.getByRole('table', { name: 'Memory by place' })).toBeVisible()
    await expect(detail.getByText('-ngl 81')).toBeVisible()
    const speed = detail.getByRole('region', { name: 'Speed' })
    await expect(speed.getByText(/^[\d.,]+ to [\d.,]+ tokens\/s$/)).toHaveCount(2)
    await expect(speed.getByText(/memory bandwidth of 936 GB\/s, from the catalogue/)).toBeHidden()
    await speed.getByText('What this rests on').click()
    await expect(speed.getByText(/memory bandwidth of 936 GB\/s, from the catalogue/)).toBeVisible()
  })

  const byApi: Verdict = await test.step('the API says the same', async () => {
    const answer = await request.post('/api/v1/plans/evaluate', {
      data: { model: { kind: 'stored', id: stored.id }, engine: 'llama.cpp', request: { contextLength: 8192 } },
    })
    expect(answer.status()).toBe(200)
    const { results } = await answer.json()
    expect(results[0].machine.name).toBe('lab-07')
    return results[0]
  })

  await test.step('and so does the command line, offline', async () => {
    const machine = join(scene.dataFolder, 'lab-07.xml')
    await writeFile(machine, twoGpuXml())
    const args = [
      'plan',
      '--machine',
      machine,
      '--model',
      model.path,
      '--engine',
      'llama.cpp',
      '--ctx',
      '8192',
      '--json',
    ]
    const { stdout } = await run(process.execPath, [
      join(import.meta.dirname, '../../../apps/cli/bin/berth.mjs'),
      ...args,
    ])
    const byCli: Verdict = JSON.parse(stdout)
    expect(byCli.fits).toBe(true)
    expect(byCli.best.split.devices.map(({ layers }) => layers)).toEqual([41, 40])
    expect(byCli.best.split.devices).toEqual(byApi.best.split.devices)
    expect(byCli.best.memory).toEqual(byApi.best.memory)
    expect(byCli.speed).toEqual(byApi.speed)
    expect(byCli.launch.arguments.slice(2)).toEqual(byApi.launch.arguments.slice(2))
  })

  await test.step('the page shows the very bytes', async () => {
    const table = page.getByLabel('Plan on lab-07').getByRole('table', { name: 'Memory by place' })
    for (const { compute } of byApi.best.memory.slice(0, 2)) {
      await expect(table.locator(`data[value="${compute}"]`).first()).toBeVisible()
    }
  })

  await test.step('a figure opens to its formula', async () => {
    const table = page.getByLabel('Plan on lab-07').getByRole('table', { name: 'Memory by place' })
    const context = table.locator(`data[value="${byApi.best.memory[0]!.context}"]`).first()
    await expect(context).toHaveAttribute('data-tip', /41 blocks × 8,192 cells × \(K 1,024 in f16 \+ V 1,024 in f16\)/)
    // The bubble goes when the page scrolls, so scroll first.
    await context.scrollIntoViewIfNeeded()
    await expect(async () => {
      await page.mouse.move(0, 0)
      await context.hover()
      await expect(page.getByText('Exact. Source: llama_kv_cache').first()).toBeVisible({ timeout: 1000 })
    }).toPass()
  })

  await test.step('moving a slider recomputes in the browser and changes the address', async () => {
    await page.getByLabel('Context', { exact: true }).first().fill('32768')
    await page.keyboard.press('Enter')
    await expect(page).toHaveURL(/ctx=32768/)
    await expect(page.getByText('Does not fit').or(page.getByText('-c 32768')).first()).toBeVisible()
  })
})
