/** Lines between tool outputs: whose output follows, and which command printed it. */

export interface Heading {
  readonly hostName?: string
  /** What was typed; absent after a bare prompt or a title. */
  readonly command?: string
  /** A comment or a rule: it may title text that is no tool's output. */
  readonly comment?: boolean
  /** A Markdown fence: it is nobody's output and titles nothing, so what was titled above it still is. */
  readonly fence?: boolean
  /** `[name]`, `name:` or a command without a prompt, which a help text may hold too. */
  readonly uncertain?: boolean
}

/** A longer title is none. */
const titleCharacters = 512
/** A command may be long: a query of every field nvidia-smi has takes 6,000 characters. */
const promptCharacters = 16_384

const host = '[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9])?'
const titled = new RegExp(`^[#=*>\\s-]*(?:host|hostname|machine|node|server)\\s*[:=]\\s*(${host})[#=*<\\s-]*$`, 'i')
const ruled = new RegExp(`^(?:#{1,40}\\s*|[=*>-]{1,40}\\s+)(${host})\\s*:?\\s*[#=*<-]{0,40}$`)
const bracketed = new RegExp(`^\\[(${host})\\]$`)
const nameAndColon = new RegExp(`^(${host}):$`)
const ansible = new RegExp(`^(${host}) \\| (?:CHANGED|SUCCESS) \\| rc=0 >>$`)

const promptAt = new RegExp(`^(?:\\([^)]*\\)\\s*)?\\[?[A-Za-z0-9_.-]+@(${host})[:\\s][^$#%]*[$#%](?:\\s+(.*))?$`)
const promptHost = new RegExp(`^(${host})[$#%>]\\s+(.+)$`)
const promptBare = /^(?:#\s*)?(?:\$|%|❯|➜)\s+(\S.*)$/u
const promptWindows = /^(?:PS\s+)?[A-Za-z]:\\[^>]*>\s*(.*)$/
const bareCommand =
  /^(?:sudo\s+)?(?:[\w./\\-]*[/\\])?(?:nvidia-smi|llama-server|llama-cli|llama-bench|rocm-smi|amd-smi|xpu-smi|system_profiler|lscpu)(?:\.exe)?(?:\s+[a-z-].*)?$/

/** A single word after `#` is taken for a host, unless it is the name of what follows. */
const notHosts = new RegExp(
  `^(?:${[
    'nvidia-smi|xml|csv|json|topo|nvlink|gpus?|idle|load|output|machines?|hosts?|list-devices|meminfo|lscpu|hardware',
    // Titles of a page about a machine.
    'requests?|responses?|examples?|results?|details|summary|description|environment|setup|usage|info|information|logs?',
    'commands?|questions?|answers?|specs?|specifications|configuration|before|after',
    'notes?|devices?|none|true|false|null|legend|processes|status|metadata|items',
  ].join('|')})$`,
  'i',
)

/** What the line says about the lines after it; undefined when it is no heading. */
export function readHeading(line: string): Heading | undefined {
  const text = line.trim()
  if (text === '' || text.length > promptCharacters) return undefined
  if (text.length > titleCharacters) return readPrompt(text)
  return readPrompt(text) ?? (/^\s/.test(line) ? undefined : readTitle(text)) ?? readComment(text)
}

function readPrompt(text: string): Heading | undefined {
  const at = promptAt.exec(text)
  if (at !== null) return typed(at[2], at[1])
  const bare = promptBare.exec(text)
  if (bare !== null) return typed(bare[1])
  const windows = promptWindows.exec(text)
  if (windows !== null) return typed(windows[1])
  const named = promptHost.exec(text)
  if (named !== null && bareCommand.test(named[2]!)) return typed(named[2], named[1])
  return bareCommand.test(text) ? { command: text, uncertain: true } : undefined
}

function typed(command: string | undefined, hostName?: string): Heading {
  const typedText = command?.trim() ?? ''
  return { ...(hostName === undefined ? {} : { hostName }), ...(typedText === '' ? {} : { command: typedText }) }
}

function readTitle(text: string): Heading | undefined {
  const certain = titled.exec(text)?.[1] ?? ruled.exec(text)?.[1] ?? ansible.exec(text)?.[1]
  const name = certain ?? bracketed.exec(text)?.[1] ?? nameAndColon.exec(text)?.[1]
  if (name === undefined || notHosts.test(name) || !/[A-Za-z]/.test(name)) return undefined
  return certain === undefined ? { hostName: name, uncertain: true } : { hostName: name }
}

const readComment = (text: string): Heading | undefined =>
  /^(?:```|~~~)\w{0,20}$/.test(text) ? { fence: true } : titlesText(text)

const titlesText = (text: string): Heading | undefined =>
  /^(?:#|\/\/|;)/.test(text) || /^[=*~_-]{3,}$/.test(text) ? { comment: true } : undefined
