// Takes the README's pictures from a running demo:
//   node pictures.mjs http://127.0.0.1:3000 EMAIL PASSWORD
import { chromium } from '@playwright/test'

const [address, email, password] = process.argv.slice(2)
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu'],
})

async function picture(name, scheme, height, find) {
  const context = await browser.newContext({ viewport: { width: 1440, height }, colorScheme: scheme })
  const page = await context.newPage()
  await page.goto(`${address}/sign-in`)
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.keyboard.press('Enter')
  await page.waitForURL(`${address}/`)
  await find(page)
  // A pointer left over a link would draw it as if somebody were about to follow it.
  await page.mouse.move(0, 0)
  await page.waitForLoadState('networkidle')
  await page.screenshot({ path: `../docs/pictures/${name}.png` })
  await context.close()
}

await picture('gap-light', 'light', 1560, async () => {})
await picture('item-dark', 'dark', 1180, async (page) => {
  await page.goto(`${address}/items?label=falsely_closed&state=ended&severity=critical`)
  await page.getByRole('rowheader').getByRole('link').first().click()
})
await browser.close()
