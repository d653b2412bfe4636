import { expect, test } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { sampleLab } from './sample-lab.ts'

const pages = [
  '/',
  '/machines',
  '/machines/import',
  '/machines/import?from=script',
  '/machines/import?from=catalogue&gpu=nvidia-geforce-rtx-3090-24gb',
  '/models',
  '/models/import',
  '/models/catalogue/llama-3.3-70b?mix=Q4_K_M',
  '/fleet',
  '/fleet?models=',
  '/plan',
  '/plan?model=llama-3.3-70b&mix=Q4_K_M',
  '/packing',
  '/packing?demands=llama-3-8b,Q4_K_M,3,0,8192,1,llama.cpp,,&policy=spread',
  '/capacity',
  '/capacity?q=hosts&model=llama-3.3-70b&mix=Q4_K_M',
  '/capacity?q=largest&stored=true&cat=none',
  '/capacity?q=what-if',
  '/plans',
  '/reservations',
  '/reservations/new',
  '/history',
  '/history?machine=nobody',
  '/catalogue',
  '/catalogue?q=no+such+card',
  '/engines',
  '/settings',
  '/engines/stories/llamasharp-two-models',
  '/engines/stories/ollama-61-gb',
  '/no-such-page',
]

const widths = [1440, 360] as const
const themes = ['light', 'dark'] as const

/** A lab with four machines, beside what the journey left. */
test.beforeAll(async ({ playwright, baseURL }) => {
  await sampleLab(playwright.request, baseURL!)
})

test('a machine and a stored model are accessible', async ({ page, request }) => {
  for (const noun of ['machines', 'models']) {
    const { items } = await request.get(`/api/v1/${noun}`).then((answer) => answer.json())
    await page.goto(`/${noun}/${items[0].id}`, { waitUntil: 'networkidle' })
    await expectAccessible(page)
  }
})

for (const width of widths) {
  test.describe(`at ${width}`, () => {
    test.use({ viewport: { width, height: 900 } })
    for (const path of pages) {
      test(`${path} is accessible in both themes, fits, and loads nothing from elsewhere`, async ({
        page,
        baseURL,
      }) => {
        const foreign: string[] = []
        const failures: string[] = []
        page.on('request', (request) => {
          if (
            !request.url().startsWith(baseURL!) &&
            !request.url().startsWith('data:') &&
            !request.url().startsWith('blob:')
          )
            foreign.push(request.url())
        })
        page.on('pageerror', (error) => failures.push(error.message))
        // The theme follows the system's, from the first paint and when it changes.
        await page.emulateMedia({ colorScheme: themes[0] })
        await page.goto(path, { waitUntil: 'networkidle' })
        for (const colorScheme of themes) {
          await page.emulateMedia({ colorScheme })
          await expect(page.locator('html')).toHaveClass(new RegExp(`(^| )${colorScheme}( |$)`))
          await expectAccessible(page, colorScheme)
        }
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
        expect(foreign).toEqual([])
        expect(failures).toEqual([])
      })
    }
  })
}
