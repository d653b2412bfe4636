import { expect, it } from 'vitest'
import { collectorCommands, isPlainHttp } from './collector-commands.ts'

it.each([
  ['https://berth.example', false],
  ['http://localhost:3000', false],
  ['http://127.0.0.1', false],
  ['http://[::1]:3000', false],
  ['http://berth.lab:3000', true],
  ['http://localhost.evil.example', true],
])('%s is plain http to another host: %s', (origin, plain) => {
  expect(isPlainHttp(origin)).toBe(plain)
  const { once, often, timer } = collectorCommands(origin, undefined)
  for (const command of [once, often, timer]) expect(command.includes('--insecure-http')).toBe(plain)
})

it('keeps the token out of every command but the one that stores it', () => {
  const { keepToken, ...others } = collectorCommands('https://berth.example', 'brt_secret')
  expect(keepToken).toBe(`(umask 077; printf '%s\\n' 'brt_secret' > ~/.berth-token)`)
  expect(JSON.stringify(others)).not.toContain('brt_secret')
  expect(others.often).toBe('sh collect.sh --url https://berth.example --token-file ~/.berth-token --every 300')
})
