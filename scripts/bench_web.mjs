// Bytes, requests and moments of each page: first visit with an empty cache, then again. One line a page.
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const { chromium } = createRequire(new URL('../end2end/package.json', import.meta.url))('@playwright/test')

const PAGES = ['/', '/clocks', '/items', '/sources', '/reports', '/connect']
const ITEMS = '5000'
const ROUNDS = 5
const BINARY = 'dist/wallclock'
const ADDRESS = 'http://127.0.0.1:3907'
const OWNER = { email: 'owner@example.test', password: 'a long enough passphrase' }
const ARGUMENTS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']

/** A server over a data folder that already holds the sample. */
async function serve(folder) {
  const data = ['--data-dir', join(folder, 'data')]
  const sample = execFileSync(BINARY, ['sample', '--seed', '3', '--items', ITEMS], { maxBuffer: 1 << 30 })
  execFileSync(BINARY, ['import', ...data, '--json', '-'], { input: sample, stdio: ['pipe', 'ignore', 'inherit'] })
  const password = join(folder, 'password')
  writeFileSync(password, OWNER.password, { mode: 0o600 })
  const owner = ['--admin-email', OWNER.email, '--admin-password-file', password]
  const server = spawn(BINARY, ['serve', ...data, '--listen', new URL(ADDRESS).host, ...owner], { stdio: 'ignore' })
  while (!(await fetch(`${ADDRESS}/readyz`).then((answer) => answer.ok, () => false))) {
    if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}`)
    await new Promise((resume) => setTimeout(resume, 50))
  }
  return server
}

/** Opens a page in a browser with an empty cache and reads what the browser itself measured. */
async function visit(context, path) {
  const page = await context.newPage()
  const session = await context.newCDPSession(page)
  await session.send('Network.enable')
  await session.send('Network.clearBrowserCache')
  let bytes = 0
  let requests = 0
  session.on('Network.loadingFinished', (event) => {
    bytes += event.encodedDataLength
    requests += 1
  })
  await page.goto(ADDRESS + path, { waitUntil: 'networkidle' })
  const measured = await page.evaluate(() => {
    const [page] = performance.getEntriesByType('navigation')
    const [paint] = performance.getEntriesByName('first-contentful-paint')
    return { html: page.encodedBodySize, firstByte: page.responseStart, paint: paint?.startTime ?? NaN, loaded: page.loadEventEnd }
  })
  await page.close()
  return { ...measured, bytes, requests }
}

function median(values) {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)]
}

async function main() {
  const folder = mkdtempSync(join(tmpdir(), 'wallclock-bench-web-'))
  const server = await serve(folder)
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ARGUMENTS })
  try {
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(`${ADDRESS}/sign-in`)
    await page.getByLabel('E-mail').fill(OWNER.email)
    await page.getByLabel('Password').fill(OWNER.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL(`${ADDRESS}/`)
    console.log('page        requests  KB in all  KB html  first byte ms  first paint ms  loaded ms')
    for (const path of PAGES) {
      const rounds = []
      for (let round = 0; round < ROUNDS; round += 1) rounds.push(await visit(context, path))
      const of = (key) => median(rounds.map((round) => round[key]))
      const columns = [of('requests'), of('bytes') / 1000, of('html') / 1000, of('firstByte'), of('paint'), of('loaded')]
      console.log(path.padEnd(12) + columns.map((value) => value.toFixed(0).padStart(9)).join(''))
    }
  } finally {
    await browser.close()
    server.kill('SIGTERM')
    rmSync(folder, { recursive: true, force: true })
  }
}

await main()
