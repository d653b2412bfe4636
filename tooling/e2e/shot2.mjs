import { chromium } from '@playwright/test'
const base = 'http://127.0.0.1:4021'
const list = (await (await fetch(base + '/api/v1/machines')).json()).items
const id = (n) => list.find((m) => m.name === n).id
const b = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
for (const [w, scheme] of [
  [1440, 'light'],
  [360, 'dark'],
]) {
  const ctx = await b.newContext({ viewport: { width: w, height: 900 }, colorScheme: scheme })
  const p = await ctx.newPage()
  for (const [name, url] of [
    ['plan', '/plan?model=llama-3.3-70b&mix=Q4_K_M&ctx=8192&machine=' + id('two-3090')],
    ['machine', '/machines/' + id('two-3090')],
    ['import', '/machines/import'],
  ]) {
    await p.goto(base + url, { waitUntil: 'networkidle' })
    await p.waitForTimeout(3000)
    await p.screenshot({ path: `/tmp/shots/p-${name}-${w}.png`, fullPage: true })
  }
  await ctx.close()
}
await b.close()
