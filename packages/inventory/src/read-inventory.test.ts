import { describe, expect, it } from 'vitest'

import { explainInventoryIssue, explainInventoryWarning } from './explain.ts'
import { limits } from './limits.ts'
import { readInventory } from './read-inventory.ts'
import { fixture, issueOf, machineOf } from './testing/read.ts'

const xml = fixture('smi-v13-rtx-pro.xml')

describe('limits', () => {
  it.each<[string, string, object]>([
    [
      'text',
      'x'.repeat(limits.textCharacters + 1),
      { code: 'limit-exceeded', limit: limits.textCharacters, section: 0 },
    ],
    ['lines', '\n'.repeat(limits.lines), { code: 'limit-exceeded', limit: limits.lines }],
    [
      'one line',
      `\n\n${'x'.repeat(limits.lineCharacters + 1)}`,
      { code: 'limit-exceeded', limit: limits.lineCharacters, line: 3 },
    ],
    ['sections', '# h\nname, index\na, 0\n'.repeat(257), { code: 'limit-exceeded', limit: 256, section: 257 }],
    [
      'a device name',
      xml.replace('NVIDIA RTX PRO 5000 Blackwell', 'N'.repeat(257)),
      { code: 'limit-exceeded', limit: limits.nameCharacters, field: 'name', line: 8 },
    ],
  ])('refuses too much %s', (_, text, issue) => {
    expect(issueOf(text)).toMatchObject(issue)
  })

  it('refuses a host name that is none', () => {
    expect(issueOf(xml, { hostName: 'x'.repeat(254) })).toMatchObject({
      code: 'limit-exceeded',
      field: 'hostName',
      limit: 253,
    })
    expect(machineOf(xml, { hostName: ' ' }).name).toBe('machine-1')
  })
})

describe('hostile input', () => {
  const big = 2_000_000
  it.each<[string, string]>([
    ['open brackets', '['.repeat(big)],
    ['open braces on lines', '{\n'.repeat(big / 20)],
    ['quotes', '"'.repeat(big)],
    ['one string without end', `{"${'\\'.repeat(big)}`],
    ['less-than signs', '<'.repeat(big)],
    ['tags without end', `<nvidia_smi_log>${'<gpu>'.repeat(big / 8)}`],
    ['attributes', `<nvidia_smi_log ${'a="1" '.repeat(big / 10)}></nvidia_smi_log>`],
    ['comments', `<nvidia_smi_log>${'<!--'.repeat(big / 8)}</nvidia_smi_log>`],
    ['ampersands', `<nvidia_smi_log>${'&'.repeat(big)}</nvidia_smi_log>`],
    ['a doctype without end', `<!DOCTYPE nvidia_smi_log ${' '.repeat(big)}`],
    ['commas', ','.repeat(big)],
    ['a header of commas', `index, name${', index'.repeat(big / 10)}\n`],
    ['spaces', ' '.repeat(big)],
    ['spaces and a letter', `${' '.repeat(big)}x`],
    ['hashes', '#'.repeat(big)],
    ['hash lines', '#\n'.repeat(big / 20)],
    ['escapes', '\u001b'.repeat(big)],
    ['escape sequences without end', '\u001b]'.repeat(big / 2)],
    ['escape parameters without end', `\u001b[${'0;'.repeat(big / 2)}`],
    ['carriage returns', '\r'.repeat(big / 20)],
    ['prompts', 'a@b:~$ \n'.repeat(big / 20)],
    ['at signs', `${'a@'.repeat(200)}\n`.repeat(1000)],
    ['devices', `Available devices:\n${'  CUDA0: ( ( ( (\n'.repeat(big / 40)}`],
    ['device brackets', `Available devices:\n  RPC${'['.repeat(1000)}: (1 MiB, 1 MiB free)\n`],
    ['topo columns', `\t${'GPU1\t'.repeat(big / 10)}\nGPU0\t X \tSYS\n`],
    ['topo headers', '\tGPU0\tGPU1\nGPU0\t X \tSYS\n'.repeat(big / 100)],
    ['peer columns', `\t${'GPU0\t'.repeat(big / 10)}\nGPU0\tX\tOK\n`],
    ['peer headers', '\tGPU0\tGPU1\nGPU0\tX\tOK\n'.repeat(big / 100)],
    ['peer rows', `\tGPU0\tGPU1\nGPU0\tX\tOK\n${`GPU1${'OK '.repeat(2000)}${' '.repeat(9000)}!\n`.repeat(100)}`],
    ['interfaces', `${'/sys/class/net/eno1/speed:1000\n'.repeat(big / 40)}!`],
    ['interface names', Array.from({ length: 9000 }, (_, at) => `/sys/class/net/e${at}/speed:1\n`).join('')],
    ['interface settings', `${'Settings for eno1:\n\tSpeed: 1Mb/s\n'.repeat(big / 80)}!`],
    [
      'interface objects',
      `[${Array.from({ length: 9000 }, (_, at) => `{"ifname":"e ${at}","flags":[]}`).join(',\n')}]`,
    ],
    ['GPU lines', `GPU 0: ${'x ('.repeat(150)}\n`.repeat(1000)],
    ['YAML dashes', `kind: Node\nitems:\n${'- '.repeat(1000)}\n`.repeat(200)],
    ['YAML lines', `kind: Node\nitems:\n${'- a: b\n'.repeat(big / 8)}`],
    ['YAML keys', `kind: Node\nmetadata:\n${' a:\n  a:\n'.repeat(big / 10)}`],
    ['labels', `${'nvidia.com/gpu.count=1\n'.repeat(big / 24)}!`],
    ['metrics', `DCGM_FI_DEV_FB_USED{${'a="b",'.repeat(1000)}} -\n`.repeat(200)],
    ['PCI lines', `${'0000:01:00.0 3D controller: NVIDIA '.repeat(50)}\n`.repeat(800)],
    ['host lists', 'NodeName=a[0-999999999,0-999999999] Name=gpu\n'.repeat(5000)],
    ['resources', `${'a=b '.repeat(900)}Name=gpu\n`.repeat(400)],
    ['CSV cells', `machine.name\n${','.repeat(big)}`],
    ['CSV rows', `machine.name,device.name\n${'a,b\n'.repeat(big / 5)}`],
    ['CSV machines', `machine.name\n${Array.from({ length: 30_000 }, (_, at) => `m${at}\n`).join('')}`],
    ['CSV quotes', `machine.name,device.name\n${'"a\n'.repeat(big / 5)}`],
    ['module rows', `device,module_bay,module_type\n${'a,b,RTX\n'.repeat(big / 9)}`],
    ['GPU names', `device,module_bay,module_type\n${`a,b,${'Intel '.repeat(900)}\n`.repeat(150)}`],
    ['gpustat rows', `[0] ${'a '.repeat(100)}| | 1 / 2\n`.repeat(2000)],
    ['Ansible answers', 'a | SUCCESS => {\n'.repeat(big / 20)],
    ['Ansible objects', 'a | SUCCESS => {"a": 1}\n'.repeat(big / 30)],
    ['models', `{"models": [${Array.from({ length: 900 }, () => '{"size_vram": 1}').join(',\n')}]}`],
    ['modules', `[${Array.from({ length: 9000 }, () => '{"device": {}, "module_type": {}}').join(',\n')}]`],
    ['nodes', `{"nodes": [${Array.from({ length: 256 }, () => '{"name": "", "real_memory": "x"}').join(',\n')}]}`],
    ['unpaired surrogates', '\ud800'.repeat(big)],
  ])('answers %s in time', (_, text) => {
    const start = performance.now()
    const result = readInventory(text)
    const elapsed = performance.now() - start
    expect(result.ok).toBe(false)
    if (!result.ok) expect(explainInventoryIssue(result.issue).length).toBeLessThan(600)
    expect(elapsed).toBeLessThan(2000)
  })

  it.each<[string, string]>([
    ['metric labels', `DCGM_FI_DEV_FB_USED{a="${'\\'.repeat(8000)}} 1\n`.repeat(200)],
    ['PCI quotes', `01:00.0 ${'"" '.repeat(600)}\n`.repeat(800)],
    ['workers', `[${Array.from({ length: 256 }, () => '{"name": "a", "status": {"gpu_devices": []}}').join(',\n')}]`],
    [
      'nodes with labels',
      JSON.stringify(
        {
          items: Array.from({ length: 256 }, (_, at) => ({
            kind: 'Node',
            metadata: {
              name: `n${at}`,
              labels: Object.fromEntries(
                Array.from({ length: 300 }, (_two, key) => [`nvidia.com/mig-${key}g.1gb.count`, '0']),
              ),
            },
          })),
        },
        null,
        1,
      ),
    ],
    ['node lines', 'NodeName=a RealMemory=1 Gres=gpu:1\n'.repeat(big / 40)],
    [
      'devices of a worker',
      JSON.stringify([
        {
          name: 'a',
          status: {
            gpu_devices: Array.from({ length: 128 }, () => ({
              name: 'x'.repeat(9000),
              type: 'cuda',
              memory: { total: 'x' },
            })),
          },
        },
      ]),
    ],
    ['brackets in a machine', `{"berth": "machine", "version": 1, "devices": [${'[],'.repeat(big / 4)}[]]}`],
  ])('answers %s in time, whatever the answer', (_, text) => {
    const start = performance.now()
    readInventory(text)
    expect(performance.now() - start).toBeLessThan(2000)
  })

  it('quotes no control characters', () => {
    const issue = issueOf('hello \u0007\u009b31m\u202eworld')
    expect(explainInventoryIssue(issue)).toContain('“hello 31m world”')
  })

  it('keeps its warnings within bounds', () => {
    const rows = Array.from({ length: 128 }, (_, index) => `${index}, n${index}, ?${index}, ${'bad, '.repeat(7)}bad`)
    const text = `index, name, uuid, pci.bus_id, compute_cap, pcie.link.gen.current, pcie.link.gen.max, pcie.link.width.current, pcie.link.width.max, power.limit, power.default_limit\n${rows.join('\n')}`
    const result = readInventory(text)
    expect(result.ok && result.value.warnings.length).toBe(1000)
    if (result.ok)
      for (const warning of result.value.warnings) expect(explainInventoryWarning(warning)).toMatch(/^Line \d+ \(/)
  })
})
