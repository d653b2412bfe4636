import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { chmodSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { execFileSync, spawn } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { berth, type Ended, temporaryFolder } from './berth.ts'
import { nvidiaSmiXml, rtx3060, rtx3090 } from './nvidia-smi.ts'

const folder = temporaryFolder()
const script = join(import.meta.dirname, '../../../packages/inventory/src/collect/collect.sh')

/** Only what the script itself needs, so that no tool of this machine stands in for a fake one. */
const needed = [
  'sh',
  'awk',
  'sed',
  'tr',
  'head',
  'tail',
  'cut',
  'cat',
  'wc',
  'sleep',
  'rm',
  'mktemp',
  'uname',
  'date',
  'grep',
]

/** A folder of programs: those the script needs, and fakes by name. */
function toolbox(name: string, fakes: Readonly<Record<string, string>>, real: readonly string[] = ['timeout']): string {
  const path = folder.path(name)
  mkdirSync(path)
  for (const tool of [...needed, ...real]) {
    symlinkSync(execFileSync('sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).trim(), join(path, tool))
  }
  for (const [tool, body] of Object.entries(fakes)) {
    chmodSync(folder.write(join(name, tool), `#!/bin/sh\n${body}\n`), 0o755)
  }
  return path
}

interface Tool {
  readonly command: string
  readonly exitCode: number
  readonly error?: string
  readonly output: string
}

/** The script's own folders would add this machine's tools again: they come after PATH and are left out here. */
const alone = folder.write('alone.sh', readFileSync(script, 'utf8').replace(/^PATH=.*$/m, ''))

/** Runs the script in that toolbox, to its end. */
const runAlone = (path: string, options: readonly string[]): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const env = { PATH: path, TMPDIR: folder.path('.') }
    const child = spawn('/bin/sh', [alone, '--host', 'lab-01', ...options], { env, timeout: 50_000 })
    const texts = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (chunk: string) => (texts[name] += chunk))
    }
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, ...texts }))
    child.stdin.end()
  })

async function collect(path: string, options: readonly string[] = []) {
  const { stdout } = await runAlone(path, options)
  const { tools } = JSON.parse(stdout) as { readonly tools: readonly Tool[] }
  return { stdout, outputOf: (command: string) => tools.find((tool) => tool.command.startsWith(command)) }
}

describe('on this machine', () => {
  it('reports processor and memory, and says that there is no GPU tool', async () => {
    const { code, stdout, stderr } = await berth(['collect', '--host', 'lab-01'])
    expect(code).toBe(0)
    const report = JSON.parse(stdout)
    expect(report).toMatchObject({ berthCollector: 1, hostName: 'lab-01' })
    // A machine that runs these tests may have GPUs.
    const hasTools = /nvidia-smi|rocm-smi|amd-smi|xpu-smi|llama-server/.test(stdout)
    expect(report.remarks).toEqual(hasTools ? undefined : ['no GPU tool found'])
    expect(stderr.includes('no GPU tool found')).toBe(!hasTools)

    const imported = await berth(['import', '-'], { input: stdout })
    expect(imported.code).toBe(0)
    const machine = JSON.parse(imported.stdout)
    expect(machine).toMatchObject({ berth: 'machine', name: 'lab-01' })
    expect(machine.hostMemoryTotal).toBeGreaterThan(2 ** 28)
    expect(machine.cpuCores).toBeGreaterThan(0)
  })

  it.each(['bash', 'dash', 'busybox'])('reads the same by %s, where there is one', async (shell) => {
    const words = shell === 'busybox' ? ['sh'] : []
    const program = execFileSync('sh', ['-c', `command -v ${shell} || true`], { encoding: 'utf8' }).trim()
    if (program === '') return
    execFileSync(program, [...words, '-n', script])
    const stdout = execFileSync(program, [...words, script], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    expect(JSON.parse(stdout)).toMatchObject({ berthCollector: 1 })
  })

  it('is told as old once it is', async () => {
    const { stdout } = await berth(['collect', '--host', 'lab-01'])
    const old = stdout.replace(/"collectedAt": "[^"]*"/, '"collectedAt": "2020-01-01T00:00:00Z"')
    expect((await berth(['import', '-'], { input: stdout })).stderr).not.toContain('ago')
    expect((await berth(['import', '-'], { input: old })).stderr).toMatch(
      /^warning: lab-01: Its figures were read \d{4} days ago, and nothing reports since/m,
    )
  })

  it('prints the script, and a timer that runs it', async () => {
    const printed = await berth(['collect', '--print-script'])
    expect(printed.stdout).toBe(readFileSync(script, 'utf8'))
    const { code, stdout } = await berth([
      'collect',
      '--print-timer',
      '--url',
      'https://berth.example',
      '--every',
      '600',
    ])
    expect(code).toBe(0)
    expect(stdout).toContain('OnUnitActiveSec=600\n')
    expect(stdout).toMatch(/^ExecStart=.* --url https:\/\/berth\.example --token-file %h\/\S+ --every 600 --once$/m)
    expect(stdout).toMatch(/^# {3}\*\/10 \* \* \* \* \/bin\/sh \$HOME\/.* --token-file \$HOME\//m)
  })
})

describe('what must not leave the machine', () => {
  const xml = nvidiaSmiXml([rtx3090, rtx3060]).replaceAll(
    '</gpu>',
    `<serial>1320522001234</serial><platformInfo><chassis_serial_number>CH-99120</chassis_serial_number></platformInfo>
<processes>
 <process_info><pid>4242</pid><process_name>/home/ana.lopez/train.py --key s3cret</process_name></process_info>
</processes><accounted_processes><accounted_process_info><pid>7</pid></accounted_process_info></accounted_processes>
</gpu>`,
  )
  const secrets = /1320522001234|CH-99120|ana\.lopez|bob|s3cret|4242|5254|0xabc123|de:ad|dead|10\.1\.2\.3|C02XG0AB/i
  const path = toolbox('private', {
    'nvidia-smi': `case "$*" in
'-q -x') cat <<'END'\n${xml}\nEND
;;
*) echo 'cannot open /home/bob/.cache' >&2; exit 3 ;; esac`,
    'amd-smi': `echo '[{"gpu": 0, "asic": {"market_name": "AMD Instinct MI210", "asic_serial": "0xabc123", "asic_serial_number": 5254},'
echo ' "bus": {"bdf": "0000:05:00.0"}, "vram": {"size": {"value": 65520, "unit": "MB"}}, "board": {"product_serial": "5254\\"x"}}]'`,
    'xpu-smi': 'echo "Serial Number : C02XG0AB"; exit 1',
    'llama-server': `echo 'load_backend: loaded from /Users/bob/llama/lib.so'
echo 'Available devices:'
echo '  CUDA0: NVIDIA GeForce RTX 3090 (24124 MiB, 23000 MiB free)'
echo '  RPC0[10.1.2.3:50052]: 10.1.2.3:50052 (1000 MiB, 900 MiB free)'`,
    ip: `echo '[{"ifname":"enxdeadbeef0102","address":"de:ad:be:ef:01:02","broadcast":"ff:ff:ff:ff:ff:ff"}]'`,
  })

  it('serials, processes, users, MAC and IP addresses; what is left can be read', async () => {
    const { stdout, outputOf } = await collect(path)
    expect(stdout).not.toMatch(secrets)
    expect(outputOf('nvidia-smi -q')!.output).not.toContain('process')
    expect(outputOf('nvidia-smi topo -m')).toMatchObject({ exitCode: 3, error: 'cannot open /home/user/.cache' })
    expect(outputOf('ip -j')!.output).toContain('"address":"00:00:00:00:00:00"')
    const names = async (text: string) =>
      JSON.parse((await berth(['import', '-'], { input: text })).stdout).devices.map(
        ({ name }: { name: string }) => name,
      )
    expect(await names(stdout)).toEqual(expect.arrayContaining(['NVIDIA GeForce RTX 3090', 'AMD Instinct MI210']))
  })
})

describe('a tool that misbehaves', () => {
  const bodies = {
    'nvidia-smi': `case "$*" in
'-q -x') sleep 60 ;;
*nvlink*) while :; do echo 'Link 0: 14.062 GB/s, and so on, and on, without an end, for as long as it is let'; done ;;
'topo -m') printf 'tab\\there "quoted" back\\\\slash \\033[4munderlined\\033[0m \\001\\377 end\\r\\n' ;;
*) echo 'Field "compute_cap" is not a valid field to query.'; exit 2 ;; esac`,
  }

  it.each([
    ['with timeout', ['timeout'], 124],
    ['without it', ['kill'], 143],
  ] as const)('is cut off, cut short or quoted, %s', async (name, real, code) => {
    const path = toolbox(name, bodies, real)
    const begun = Date.now()
    const { outputOf, stdout } = await collect(path, ['--tool-seconds', '1'])
    expect(Date.now() - begun).toBeLessThan(20_000)
    expect(outputOf('nvidia-smi -q -x')).toEqual({
      command: 'nvidia-smi -q -x',
      exitCode: code,
      error: 'it did not answer within 1 seconds',
      output: '',
    })
    expect(outputOf('nvidia-smi nvlink -s')).toMatchObject({ error: 'it printed more than 1048576 bytes', output: '' })
    expect(outputOf('nvidia-smi topo -m')!.output).toBe('tab\there "quoted" back\\slash underlined \ufffd end\n')
    expect(outputOf('nvidia-smi --query')).toMatchObject({
      exitCode: 2,
      error: 'Field "compute_cap" is not a valid field to query.',
    })
    expect(stdout.length).toBeLessThan(100_000)
  })
})

describe('reporting', () => {
  const requests: { readonly url: string; readonly token: string | undefined; readonly body: string }[] = []
  let answer: readonly [number, string] = [200, '{}']
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
    request.once('end', () => {
      requests.push({ url: request.url ?? '', token: request.headers.authorization, body })
      response.writeHead(answer[0], { 'content-type': 'application/json' }).end(answer[1])
    })
  })
  let url = ''
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => server.close())

  const report = (options: readonly string[], env: Readonly<Record<string, string>> = {}, input = '') =>
    berth(['collect', '--host', 'lab-01', ...options], { env, input })

  it.each(['curl', 'wget'])('posts itself with its token by %s, and says so', async (client) => {
    const found = execFileSync('sh', ['-c', `command -v ${client} || true`], { encoding: 'utf8' }).trim()
    if (found === '') return
    requests.length = 0
    const path = toolbox(`client-${client}`, {}, [client])
    const token = folder.write('token', 'brt_secret-1\n')
    const ended = await runAlone(path, ['--url', url, '--token-file', token, '--every', '300', '--once'])
    expect(ended).toMatchObject({ code: 0, stdout: '' })
    expect(requests).toMatchObject([{ url: '/api/v1/machines/report', token: 'Bearer brt_secret-1' }])
    expect(JSON.parse(requests[0]!.body)).toMatchObject({ berthCollector: 1, hostName: 'lab-01', everySeconds: 300 })
    expect(requests[0]!.body).not.toContain('brt_')
  })

  it.each([
    ['from a file', (token: string) => [['--token-file', folder.write('t', token)], {}, ''] as const],
    ['from standard input', (token: string) => [['--token-file', '-'], {}, token] as const],
    ['from the environment', (token: string) => [[], { BERTH_TOKEN: token }, ''] as const],
  ])('takes the token %s', async (_, given) => {
    requests.length = 0
    const [options, env, input] = given('brt_t')
    const ended = await report(['--url', url, ...options], env, input)
    expect(ended).toMatchObject({ code: 0, stdout: '' })
    expect(ended.stderr).toContain(`reported lab-01 to ${url}`)
    expect(requests).toMatchObject([{ token: 'Bearer brt_t' }])
  })

  it.each([
    [401, 1],
    [409, 1],
    [429, 2],
    [503, 2],
  ])('says why Berth answered %i, with exit code %i', async (status, code) => {
    answer = [status, '{"detail":"It is \\"so\\".","code":"x"}']
    const ended = await report(['--url', url], { BERTH_TOKEN: 'brt_t' })
    answer = [200, '{}']
    expect(ended.code).toBe(code)
    expect(ended.stderr).toContain(`answered ${status}: It is \\"so\\".`)
  })

  it('goes on every so often, until its token is refused', async () => {
    requests.length = 0
    answer = [401, '{}']
    expect((await report(['--url', url, '--every', '30'], { BERTH_TOKEN: 'brt_t' })).code).toBe(1)
    answer = [200, '{}']
    expect(requests).toHaveLength(1)
  })

  it('ends with code 2 where nobody answers', async () => {
    const ended = await report(['--url', 'http://127.0.0.1:9'], { BERTH_TOKEN: 'brt_t' })
    expect(ended).toMatchObject({ code: 2, stdout: '' })
    expect(ended.stderr).toContain('http://127.0.0.1:9 does not answer')
  })

  it.each([
    [['--url', 'http://berth.example'], /plain http.*--insecure-http/],
    [['--url', 'http://localhost.evil.example'], /plain http/],
    [['--url', 'http://127.0.0.1.evil.example'], /plain http/],
    [['--url', 'http://[::1]evil.example'], /plain http/],
    [['--url', 'ftp://berth.example'], /must begin with https/],
    [['--url', 'https://berth.example/?a=b'], /without a query/],
    [['--url', 'https://berth.example/$(id)'], /without a query/],
    [['--url', 'https://berth.example', '--token-file', folder.path('none')], /cannot be read/],
    [['--url', 'https://berth.example'], /a registration token is needed/],
    [['--every', '5', '--url', 'https://berth.example'], /30 to 86400/],
    [['--every', '300'], /--every needs --url/],
    [['--tool-seconds', 'x'], /whole number/],
    [['--print-timer'], /needs --url/],
  ])('refuses %j', async (options, message) => {
    const ended = await report(options)
    expect(ended).toMatchObject({ code: 1, stdout: '' })
    expect(ended.stderr).toMatch(message)
  })

  it('takes no token as an option, and none that is more than one', async () => {
    const asOption = await runAlone(process.env['PATH'] ?? '', ['--token', 'brt_x'])
    expect(asOption).toMatchObject({ code: 1, stdout: '' })
    expect(asOption.stderr).toContain('could be seen by others in ps')
    const odd = await report(['--url', url], { BERTH_TOKEN: 'brt_t"\nheader = "X: y' })
    expect(odd).toMatchObject({ code: 1 })
    expect(odd.stderr).toContain('this is no registration token')
  })
})
