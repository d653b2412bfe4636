import { chromium } from '@playwright/test'
const base = 'http://127.0.0.1:4021'
const list = (await (await fetch(base + '/api/v1/machines')).json()).items
const b = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
for (const [w, scheme] of [
  [1440, 'light'],
  [360, 'dark'],
  [360, 'light'],
  [1440, 'dark'],
]) {
  const ctx = await b.newContext({ viewport: { width: w, height: 900 }, colorScheme: scheme })
  const p = await ctx.newPage()
  for (const m of list) {
    if (process.argv[2] && !process.argv[2].split(',').includes(m.name)) continue
    await p.goto(base + '/machines/' + m.id)
    await p.waitForLoadState('networkidle')
    const card = p
      .locator('section[data-slot=card]')
      .filter({ has: p.getByRole('heading', { name: 'Links', exact: true }) })
    if ((await card.count()) === 0) {
      console.log('no card', m.name)
      continue
    }
    const d = card.locator('details')
    if (await d.count()) await d.evaluate((e) => (e.open = true))
    await card.screenshot({ path: `/tmp/shots/${m.name}-${w}-${scheme}.png` })
    const over = await p.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth)
    if (over) console.log('overflow', m.name, w)
  }
  await ctx.close()
}
await b.close()
