import { catalogueHeader, findCatalogueModel } from '@berth/catalogue'
import type { Solution, Verdict } from '@berth/core'
import { inferTypes, writeSparseFile } from '@berth/gguf/encode'
import { describe, expect, it } from 'vitest'
import { berth, temporaryFolder } from './berth.ts'
import { nvidiaSmiXml, rtx3060, rtx3090 } from './nvidia-smi.ts'

const MODEL = 'catalogue:llama-3.3-70b:Q4_K_M'
const SMALL = 'llama-3.1-8b'

const folder = temporaryFolder()
const two = folder.write('two.xml', nvidiaSmiXml([rtx3090, rtx3090]))
const small = folder.write('small.xml', nvidiaSmiXml([rtx3060]))

type SolveJson = Verdict & { readonly solution: Solution; readonly launch?: { readonly shell: string } }

const solveJson = async (args: readonly string[]) => {
  const ended = await berth(['plan', '--json', ...args])
  expect(ended.stderr).toBe('')
  return { code: ended.code, json: JSON.parse(ended.stdout) as SolveJson }
}

const fits = async (args: readonly string[]): Promise<boolean> => (await berth(['plan', ...args])).code === 0

describe('berth plan --solve', () => {
  it('ctx finds the largest context, and plans it', async () => {
    const asked = ['--machine', two, '--model', MODEL]
    const { code, json } = await solveJson([...asked, '--solve', 'ctx'])
    expect(code).toBe(0)
    const { solution } = json
    if (!solution.solved || solution.value.unknown !== 'context') throw new Error('not solved')
    const { contextLength } = solution.value
    expect(contextLength % 256).toBe(0)
    expect(json).toMatchObject({ fits: true, best: { settings: { contextLength } } })
    expect(json.launch?.shell).toContain(`-c ${contextLength} `)
    expect(await fits([...asked, '--ctx', String(contextLength)])).toBe(true)
    expect(await fits([...asked, '--ctx', String(contextLength + 256)])).toBe(false)
    expect(solution.bound).toMatchObject({
      code: 'next-does-not-fit',
      value: { unknown: 'context', contextLength: contextLength + 256 },
    })
  })

  it('slots finds the most, each with the context that one has', async () => {
    const asked = ['--machine', two, '--model', MODEL, '--ctx', '8192', '--parallel', '2']
    const { json } = await solveJson([...asked, '--solve', 'slots'])
    expect(json.solution).toMatchObject({
      solved: true,
      value: { unknown: 'slots', parallel: 3, contextLength: 12_288 },
    })
    expect(json.launch?.shell).toContain('-c 12288 -np 3 ')
  })

  it('kv finds the finest type', async () => {
    const { json } = await solveJson(['--machine', two, '--model', MODEL, '--ctx', '32768', '--solve', 'kv'])
    expect(json.solution).toMatchObject({
      value: { cacheTypeK: 'q4_0', cacheTypeV: 'q4_0' },
      bound: { value: { cacheTypeK: 'q8_0', cacheTypeV: 'q8_0' } },
    })
    expect(json.launch?.shell).toContain('-ctk q4_0 -ctv q4_0')
  })

  it('mix finds the best of a catalogue model’s', async () => {
    const asked = ['--machine', small, '--model', `catalogue:${SMALL}:Q2_K`, '--ctx', '16384']
    const { json } = await solveJson([...asked, '--solve', 'mix'])
    const { solution } = json
    if (!solution.solved || solution.value.unknown !== 'mix') throw new Error('not solved')
    const mix = solution.value.candidate.split(':').at(-1)!
    expect(json.launch?.shell).toContain(`-m ${SMALL}-${mix}.gguf`)
    if (solution.bound.code !== 'next-does-not-fit' || solution.bound.value.unknown !== 'mix')
      throw new Error('no bound')
    const next = solution.bound.value.candidate
    expect(await fits(['--machine', small, '--model', solution.value.candidate, '--ctx', '16384'])).toBe(true)
    expect(await fits(['--machine', small, '--model', next, '--ctx', '16384'])).toBe(false)
  })

  it('mix chooses of the files that are named', async () => {
    const write = async (mix: 'Q2_K' | 'Q5_K_M'): Promise<string> => {
      const file = folder.path(`${SMALL}-${mix}.gguf`)
      const header = catalogueHeader(findCatalogueModel(SMALL)!, mix)
      await writeSparseFile(file, { metadata: inferTypes(header), tensors: header.tensors })
      return file
    }
    const [q2, q5] = [await write('Q2_K'), await write('Q5_K_M')]
    const asked = ['--machine', small, '--model', q2, '--ctx', '8192', '--solve', 'mix', '--or', q5]
    const { json } = await solveJson(asked)
    expect(json.solution).toMatchObject({ value: { unknown: 'mix', candidate: q5 }, bound: { code: 'best-offered' } })
    expect(json.launch?.shell).toContain(`-m ${q5}`)
  })

  it('plans what was found by the objective', async () => {
    const asked = ['--machine', two, '--model', `catalogue:${SMALL}:Q4_K_M`, '--ctx', '4096', '--solve', 'kv']
    const { json: spread } = await solveJson([...asked, '--objective', 'headroom'])
    const { json: few } = await solveJson([...asked, '--objective', 'fewest-devices'])
    expect(few.solution).toEqual(spread.solution)
    if (!few.fits || !spread.fits) throw new Error('it fits')
    const used = ({ best }: typeof few): number => best.split.devices.filter(({ layers }) => layers > 0).length
    expect([used(spread), used(few)]).toEqual([2, 1])
  })

  it('says so in words, before the plan', async () => {
    const asked = ['--machine', two, '--model', MODEL, '--solve', 'ctx', '--objective', 'fewest-devices']
    const { code, stdout, stderr } = await berth(['plan', ...asked])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(
      /: The best that fits is a context of [\d,]+ tokens\. With a context of [\d,]+ tokens: GPU \d /,
    )
    expect(stdout).toMatch(/: fits\n/)
    expect(stdout).toMatch(/llama-server .*-c \d+ /)
  })

  it('ends with 2 where nothing fits', async () => {
    const asked = ['--machine', small, '--model', MODEL, '--solve', 'ctx']
    const { code, stdout } = await berth(['plan', ...asked])
    expect(code).toBe(2)
    expect(stdout).toMatch(/: Not even a context of 256 tokens fits\. .*short by/)
    const { code: again, json } = await solveJson(asked)
    expect(again).toBe(2)
    expect(json).toMatchObject({ solution: { solved: false }, fits: false })
    expect(json).not.toHaveProperty('launch')
  })

  it.each([
    [['--solve', 'ctx', '--also', MODEL], /error: --solve: one model at a time/],
    [['--or', MODEL], /error: --or: only --solve mix chooses of files/],
    [['--solve', 'speed'], /error: .*--solve.*Allowed choices are ctx, slots, kv, mix/],
    [['--solve', 'mix', '--or', 'catalogue:nope:Q4_K_M'], /error: --or: the catalogue has no "nope"/],
  ])('refuses %j in one line', async (words, message) => {
    const { code, stdout, stderr } = await berth(['plan', '--machine', two, '--model', MODEL, ...words])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(message)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  })
})
