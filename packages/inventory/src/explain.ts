import { csvCommand } from './text/stray-lines.ts'
import type { InventoryIssue, InventoryIssueCode, InventoryWarning, InventoryWarningCode } from './issue.ts'
import { formatTitles, quote } from './issue.ts'

type Explained = Pick<InventoryIssue, 'format' | 'field' | 'limit' | 'detail'>

const inField = ({ field }: Explained): string => (field === undefined ? '' : ` in ${field}`)
const quoted = ({ detail }: Explained): string => (detail === '' ? '' : `: “${detail}”`)

const issueSentences = {
  empty: () => 'There is nothing to read. Paste the output of nvidia-smi -q -x',
  'limit-exceeded': (issue) =>
    `More than Berth reads at once${inField(issue)}: ${issue.detail}, and the limit is ${issue.limit ?? 'lower'}`,
  unrecognised: (issue) =>
    `This is no output of a tool that Berth knows${quoted(issue)}. Paste what nvidia-smi -q -x or llama-server --list-devices prints`,
  truncated: (issue) => `The output is cut short: ${issue.detail}. Copy all of it and paste again`,
  malformed: (issue) => `The output is damaged: ${issue.detail}`,
  'dtd-refused': (issue) =>
    `Declarations inside the XML are not read${quoted(issue)}. Run nvidia-smi -q -x without --dtd`,
  'header-missing': (issue) =>
    `A table without its header line does not say what its columns are${quoted(issue)}. Run ${csvCommand}, without noheader`,
  'value-invalid': (issue) => `The value${inField(issue)} cannot be read${quoted(issue)}`,
  'field-missing': (issue) => `The field ${issue.field ?? issue.detail} is missing`,
  'field-unknown': (issue) => `There is no field ${issue.field ?? ''}${quoted(issue)}`,
  'version-unsupported': (issue) => `This Berth does not read that version: ${issue.detail}`,
  'host-ambiguous': (issue) =>
    `It cannot be told whether this is another host or the same again: ${issue.detail}. Put a line “host: NAME” before each host's output`,
  'duplicate-device': (issue) => `A device appears twice${quoted(issue)}. Paste each host's output once`,
  'duplicate-machine': (issue) => `Two machines have one name${quoted(issue)}`,
  'tool-failed': (issue) => `The tool could not do its work${quoted(issue)}`,
  'no-devices': () =>
    'Nothing here says which GPUs the host has. Paste the output of nvidia-smi -q -x, or of rocm-smi -a --json, with it',
  'host-not-named': () =>
    'This tells of the paths or the network of a machine, and neither which GPUs it has nor its name. Paste the output of nvidia-smi -q -x, or of rocm-smi -a --json, with it, or name a machine that Berth knows',
} satisfies Record<InventoryIssueCode, (issue: Explained) => string>

const warningSentences = {
  'value-ignored': (warning) => `A value that cannot be read was left out${inField(warning)}${quoted(warning)}`,
  'memory-unknown': (warning) =>
    `No memory size is printed for ${warning.detail}: plans go by the catalogue's where it knows the card, else it has none`,
  'name-unknown': (warning) => `No name is printed for ${warning.detail || 'a GPU'}`,
  'name-cut-short': (warning) =>
    `The tool cut the name “${warning.detail}” short. Run nvidia-smi -L for the whole name`,
  'mig-slices-unknown': (warning) =>
    `${warning.detail} is in MIG mode, and the memory of its slices is not printed here. Run nvidia-smi -q -x`,
  'mig-memory-shared': (warning) => `Slices of ${warning.detail} share one GPU instance's memory: plan on one of them`,
  'backend-ignored': (warning) => `Berth does not plan for this backend${quoted(warning)}`,
  'same-card-twice': (warning) =>
    `“${warning.detail}” is shown a second time through another backend, and counted once`,
  'matched-by-order': (warning) =>
    `Two tools name a card differently, and were matched by their order: ${warning.detail}`,
  'device-unmatched': (warning) =>
    `“${warning.detail}” is not among the cards that the other outputs show, and was added`,
  'host-assumed': (warning) => `Taken for the same host again: ${warning.detail}`,
  'duplicate-uuid': (warning) => `Two cards have one UUID, so it identifies neither${quoted(warning)}`,
  'partition-shared': (warning) =>
    `The tool prints the whole card's memory for each of its parts, so an equal share is counted: ${warning.detail}`,
  'gpus-not-shown': (warning) => `Not every GPU is shown: ${warning.detail}`,
  'ragged-row': (warning) => `The row has lost a tab; only GPU columns are read from it${quoted(warning)}`,
  'link-unmatched': (warning) => `Links of GPUs that no output names were left out: ${warning.detail}`,
  'observation-unmatched': (warning) =>
    `What was measured of cards that no output here shows can only bring known machines up to date: ${warning.detail}`,
  'paths-unmatched': (warning) =>
    `Paths and network alone bring up to date a machine that is known by this name and has as many GPUs; for any other paste nvidia-smi -q -x with them: ${warning.detail}`,
  'card-not-in-service': (warning) => `A card that is not in service was left out: ${warning.detail}`,
  'section-ignored': (warning) => `Recognised, but it says nothing about the hardware${quoted(warning)}`,
  'text-skipped': (warning) => `Text that is no tool's output was skipped${quoted(warning)}`,
  'tool-failed': (warning) => `A tool could not do its work${quoted(warning)}`,
  'no-devices': () => 'The host has no GPU that these tools show',
} satisfies Record<InventoryWarningCode, (warning: Explained) => string>

const place = ({ line, format, tool }: Pick<InventoryIssue, 'line' | 'format' | 'tool'>): string => {
  const within = tool === undefined ? '' : `, line ${tool.line} of ${quote(tool.command)}`
  const where = line > 0 ? `Line ${line}${within}` : 'Input'
  return format === undefined ? where : `${where} (${formatTitles[format]})`
}

/** One sentence for a person: where it stands, what is wrong, what to do. */
export const explainInventoryIssue = (issue: InventoryIssue): string =>
  `${place(issue)}: ${issueSentences[issue.code](issue)}.`

export const explainInventoryWarning = (warning: InventoryWarning): string =>
  `${place(warning)}: ${warningSentences[warning.code](warning)}.`
