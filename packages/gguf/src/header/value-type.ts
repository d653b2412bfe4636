/** GGUF metadata value types: the number in the file and, where it is fixed, the size in bytes. Mirrors gguf.h. */
export const VALUE_TYPES = {
  u8: { id: 0, size: 1 },
  i8: { id: 1, size: 1 },
  u16: { id: 2, size: 2 },
  i16: { id: 3, size: 2 },
  u32: { id: 4, size: 4 },
  i32: { id: 5, size: 4 },
  f32: { id: 6, size: 4 },
  bool: { id: 7, size: 1 },
  string: { id: 8, size: undefined },
  array: { id: 9, size: undefined },
  u64: { id: 10, size: 8 },
  i64: { id: 11, size: 8 },
  f64: { id: 12, size: 8 },
} as const satisfies Record<string, { id: number; size: number | undefined }>

export type ValueType = keyof typeof VALUE_TYPES

const byId: ReadonlyMap<number, ValueType> = new Map(
  (Object.keys(VALUE_TYPES) as ValueType[]).map((type) => [VALUE_TYPES[type].id, type]),
)

export const valueTypeById = (id: number): ValueType | undefined => byId.get(id)
