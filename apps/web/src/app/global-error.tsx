'use client'

/**
 * Stands in for the frame itself, so it brings its own, with no style but the browser's. Loading anew helps most often: an
 * open page asks for files of the version it came from, and the server may have a newer one by now.
 */
export default function GlobalError() {
  return (
    <html lang="en">
      <head>
        <title>Berth</title>
      </head>
      <body style={{ fontFamily: 'system-ui, sans-serif', padding: '2rem', colorScheme: 'light dark' }}>
        <main>
          <h1>Berth could not show this page.</h1>
          <p>Nothing was changed. If loading it anew does not help, the server’s log says why.</p>
          <button type="button" onClick={() => window.location.reload()}>
            Load it anew
          </button>
        </main>
      </body>
    </html>
  )
}
