import type { EditInput } from '../../trpc/types.ts'

/** The API takes no more at once. */
export const MAX_EDITS = 8

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string')

const isCard = (value: unknown): boolean =>
  isRecord(value) &&
  ((value['kind'] === 'catalogue' && typeof value['gpu'] === 'string') ||
    (value['kind'] === 'device' && typeof value['device'] === 'string'))

function isEdit(value: unknown): value is EditInput {
  if (!isRecord(value)) return false
  switch (value['kind']) {
    case 'add-cards':
      return isCard(value['card']) && Number.isInteger(value['count'])
    case 'remove-cards':
      return isTexts(value['devices'])
    case 'replace-cards':
      return isCard(value['card']) && (value['devices'] === undefined || isTexts(value['devices']))
    case 'add-host-memory':
      return Number.isInteger(value['added'])
    default:
      return false
  }
}

/** Whether an address holds edits that can be shown; what is possible on a machine, the server says. */
export const isEditList = (value: unknown): value is readonly EditInput[] =>
  Array.isArray(value) && value.length <= MAX_EDITS && value.every(isEdit)
