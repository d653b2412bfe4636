'use client'

/** Stands in for the frame itself, so it brings its own, with no style but the browser's. */
export default function GlobalError({ reset }: { readonly reset: () => void }) {
  return (
    <html lang="en">
      <body style={{ fontFamily: 'system-ui, sans-serif', padding: '2rem' }}>
        <h1>Berth could not show this page.</h1>
        <p>Nothing was changed. The server’s log says why.</p>
        <button type="button" onClick={reset}>
          Try again
        </button>
      </body>
    </html>
  )
}
