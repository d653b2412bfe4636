/** An answer that may be a refusal. Bad input is a value here; only I/O and bugs throw. */
export type Result<Value, Issue> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly issue: Issue }

export const ok = <Value>(value: Value): { readonly ok: true; readonly value: Value } => ({ ok: true, value })
export const fail = <Issue>(issue: Issue): { readonly ok: false; readonly issue: Issue } => ({ ok: false, issue })
