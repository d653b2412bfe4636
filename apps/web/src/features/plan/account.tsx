/** How an engine comes to what it does, a sentence a decision; folded away until it is asked for. */
export function Account({ title, sentences }: { readonly title: string; readonly sentences: readonly string[] }) {
  if (sentences.length === 0) return null
  return (
    <details className="text-xs text-secondary">
      <summary className="w-fit cursor-pointer rounded font-medium hover:text-ink">{title}</summary>
      <ol className="mt-1.5 grid list-decimal gap-1 pl-5">
        {sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ol>
    </details>
  )
}
