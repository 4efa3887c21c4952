// Every number of the first pages opens its explanation and its items, and they say the same.
import { expect, test } from '@playwright/test'
import { address, answer, signIn } from '../pages/app'

const PAGES = ['/', '/clocks', '/items', '/sources']

/** The whole number a text says, or null: `1 402 items` is 1402, `14.2 %` is none. */
function wholeNumber(text: string): number | null {
  const words = text.trim()
  return /^[\d\s\u202f]+( items?)?$/.test(words) ? Number(words.replace(/\D/g, '')) : null
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with script' : 'without script', () => {
    test.use({ javaScriptEnabled })

    test('every number opens its explanation and its items, with equal counts', async ({ page }) => {
      test.setTimeout(180_000)
      await signIn(page)
      const explanations = new Set<string>()
      const lists = new Map<string, number>()
      const gather = async () => {
        // A figure may be a whole number of days: its explanation says how many items stand behind it.
        for (const link of await page.locator('main a[href^="/items?"]:not(.figure-value a)').all()) {
          const count = wholeNumber((await link.textContent()) ?? '')
          if (count !== null) lists.set((await link.getAttribute('href')) ?? '', count)
        }
      }
      for (const path of PAGES) {
        await page.goto(address(path))
        for (const figure of await page.locator('main .figure').all()) {
          const fold = figure.locator('details.explain')
          await fold.locator('summary').click()
          await expect(fold.getByText('Definition', { exact: true })).toBeVisible()
          await expect(fold.locator('dd').first()).not.toBeEmpty()
          const list = await figure.locator('.figure-value a').getAttribute('href', { timeout: 500 }).catch(() => null)
          if (list !== null) await expect(fold.locator(`a.count[href="${list}"]`)).toHaveCount(1)
        }
        for (const row of await page.locator('.rail li').all()) await expect(row.locator('a.explain-link')).toHaveCount(1)
        const links = await page.locator('main a[href^="/explain/"]').all()
        expect(links.length, `${path} explains nothing`).toBeGreaterThan(0)
        for (const link of links) explanations.add((await link.getAttribute('href')) ?? '')
        await gather()
      }
      expect(explanations.size).toBeGreaterThan(20)
      for (const explanation of explanations) {
        await page.goto(address(explanation))
        await expect(answer(page)).toHaveCount(1)
        await expect(page.getByText('Known at', { exact: true }).last()).toBeVisible()
        await gather()
      }
      expect(lists.size).toBeGreaterThan(20)
      for (const [path, count] of lists) {
        await page.goto(address(path))
        const heading = await answer(page).innerText()
        const said = heading.startsWith('No item') ? 0 : Number(heading.match(/[\d\s\u202f]+/)?.[0].replace(/\D/g, ''))
        expect(said, path).toBe(count)
      }
    })
  })
}
