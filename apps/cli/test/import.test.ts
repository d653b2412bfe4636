import { describe, expect, it } from 'vitest'
import { berth, temporaryFolder } from './berth.ts'
import { nvidiaSmiXml, rtx3060, rtx3090 } from './nvidia-smi.ts'

const folder = temporaryFolder()
const xml = nvidiaSmiXml([rtx3090, rtx3060])

describe('berth import', () => {
  it('reads tool output from standard input and prints the machine as JSON', async () => {
    const { code, stdout, stderr } = await berth(['import', '-', '--name', 'lab-1'], { input: xml })
    expect(code).toBe(0)
    expect(stderr).toBe(
      'note: lab-1: GPU 0 runs on 8 of 16 PCIe lanes.\nnote: lab-1: GPU 1 runs on 8 of 16 PCIe lanes.\n',
    )
    expect(JSON.parse(stdout)).toMatchObject({
      berth: 'machine',
      version: 1,
      name: 'lab-1',
      devices: [{ name: 'NVIDIA GeForce RTX 3090' }, { name: 'NVIDIA GeForce RTX 3060' }],
    })
  })

  it('reads its own JSON again, unchanged', async () => {
    const once = await berth(['import', folder.write('lab.xml', xml), '--name', 'lab-1'])
    const twice = await berth(['import', '-'], { input: once.stdout })
    expect(twice).toEqual(once)
  })

  it.each([
    ['what is used of them', 'DCGM_FI_DEV_FB_USED{gpu="0"} 512\n'],
    ['how they are linked', '\tGPU0\tGPU1\nGPU0\tX\tOK\nGPU1\tOK\tX\n'],
  ])('asks for the cards where it is told only %s', async (_, input) => {
    const { code, stdout, stderr } = await berth(['import', '-', '--name', 'lab-1'], { input })
    expect([code === 0, stdout]).toEqual([false, ''])
    expect(stderr).toContain(
      'import: it tells what is used of cards or how they are linked, but not which cards there are. Add nvidia-smi -q -x',
    )
  })

  it('reads what PowerShell’s > writes, UTF-16 with its mark', async () => {
    const plain = await berth(['import', '-'], { input: xml })
    const utf16 = await berth(['import', '-'], { input: Buffer.from(`\u{FEFF}${xml}`, 'utf16le') })
    expect(utf16).toEqual(plain)
  })
})

describe('berth models', () => {
  it('lists the catalogue, with sizes', async () => {
    const { code, stdout } = await berth(['models', '--json'])
    expect(code).toBe(0)
    const models = JSON.parse(stdout) as readonly { readonly weightBytes: number }[]
    expect(models.length).toBeGreaterThanOrEqual(40)
    expect(models.every(({ weightBytes }) => weightBytes > 100e6)).toBe(true)
  })

  it('lists them for people, and says how to plan one', async () => {
    const { stdout } = await berth(['models'])
    expect(stdout).toMatch(/llama-3\.3-70b .* 70\.6 B +Q4_K_M +39\.\d\d GiB/)
    expect(stdout).toMatch(/--model catalogue:/)
  })
})
