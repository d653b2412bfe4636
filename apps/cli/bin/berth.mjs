#!/usr/bin/env node
import { existsSync } from 'node:fs'

const built = new URL('../dist/berth.mjs', import.meta.url)

if (existsSync(built)) {
  await import(built.href)
} else {
  console.error('error: berth is not built yet: run `npm start` or `npx turbo run build --filter=@berth/cli` once')
  process.exitCode = 1
}
