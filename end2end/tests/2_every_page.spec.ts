// Every page, at three widths and in two schemes: readable, reachable, quiet.
import AxeBuilder from '@axe-core/playwright'
import { expect, test } from '@playwright/test'
import { address, answer, complaints, signIn, widthOverflow } from '../pages/app'

const PAGES = [
  '/',
  '/clocks',
  '/items',
  '/sources',
  '/imports',
  '/imports?id=1',
  '/imports?source=upload',
  '/quality',
  '/quality?whole=on&do=zone&zone=Europe%2FMadrid',
  '/reports',
  '/connect',
  '/settings/tokens',
  '/settings/webhooks',
  '/step-up',
  '/explain/sla_percent',
]

for (const scheme of ['light', 'dark'] as const) {
  for (const width of [390, 768, 1440]) {
    test(`every page at ${width} px, ${scheme}: one answer, nothing sideways, axe and console clean`, async ({ page }) => {
      await page.emulateMedia({ colorScheme: scheme })
      await page.setViewportSize({ width, height: 1000 })
      const heard = complaints(page)
      await signIn(page)
      await page.goto(address('/items'))
      const item = await page.getByRole('rowheader').getByRole('link').first().getAttribute('href')
      for (const path of [...PAGES, item ?? '/items']) {
        await page.goto(address(path))
        await expect(answer(page)).toHaveCount(1)
        expect(await widthOverflow(page), `${path} is wider than the screen`).toBeLessThanOrEqual(0)
        const found = await new AxeBuilder({ page }).analyze()
        expect(found.violations.map((one) => `${path}: ${one.id} ${one.nodes[0]?.target}`)).toEqual([])
      }
      expect(heard).toEqual([])
    })
  }
}

test('every count on the first two pages opens a list with exactly that many items', async ({ page }) => {
  await signIn(page)
  const links: { path: string; count: number }[] = []
  for (const path of ['/', '/clocks']) {
    await page.goto(address(path))
    // The value of a figure may be a whole number of days: what stands behind it is counted where it is explained.
    for (const link of await page.locator('main :not(.figure-value) > a[href^="/items?"]').all()) {
      const count = Number((await link.innerText()).replace(/[^0-9.]/g, ''))
      const href = (await link.getAttribute('href')) ?? ''
      if (Number.isInteger(count) && /^[\d\s ]+( items?)?$/.test((await link.innerText()).trim())) {
        links.push({ path: href, count })
      }
    }
  }
  expect(links.length).toBeGreaterThan(3)
  for (const { path, count } of links) {
    await page.goto(address(path))
    const said = Number((await answer(page).innerText()).match(/[\d\s ]+/)?.[0].replace(/\D/g, ''))
    expect(said, path).toBe(count)
  }
})
