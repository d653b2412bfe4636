import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'

/** Stands for the pages' standalone server: says what it was asked, slowly where it is told to. */
const server = createServer((request, response) => {
  const answer = () => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ path: request.url, headers: request.headers, environment: process.env }))
  }
  if (request.url === '/crash') process.exit(3)
  if (request.url?.startsWith('/slow')) setTimeout(answer, 1000)
  else answer()
})
server.on('upgrade', (_request, socket) => socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n'))
server.listen(Number(process.env.PORT), process.env.HOSTNAME, () => {
  if (process.env.FAKE_WEB_PID_FILE) writeFileSync(process.env.FAKE_WEB_PID_FILE, String(process.pid))
})
