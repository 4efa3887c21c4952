// A newcomer with a table of thirty columns gets to the first page through the mapping page alone.
import AxeBuilder from '@axe-core/playwright'
import { expect, test, type Page } from '@playwright/test'
import { unknownTable } from '../fixtures/unknown_table'
import { address, answer, complaints, signIn, widthOverflow } from '../pages/app'
import { bring, lookAgain, needed, sayColumns, sayWords } from '../pages/mapping'
import { equation } from '../pages/sources'

async function mapAll(page: Page, prefix: string): Promise<void> {
  await bring(page, unknownTable(prefix), prefix)
  await expect(page.getByText('30 columns between semicolons, header on line 1')).toBeVisible()
  expect((await needed(page)).some((ask) => ask.includes('has no zone'))).toBe(true)
  await sayColumns(page)
  await lookAgain(page)
  // The due dates have slashes, and no day of them is beyond the twelfth.
  expect((await needed(page)).some((ask) => ask.includes('can be read in two ways'))).toBe(true)
  await sayWords(page)
  await page.getByLabel('Time zone').fill('Europe/Berlin')
  await page.getByLabel('Order of dates').selectOption('day_first')
  await lookAgain(page)
  await expect(answer(page)).toContainText(/201 records become [\d\s\u202f]+ events of 200 items/)
  await expect(page.getByRole('region', { name: 'What would come of all 201 records.' })).toContainText('bad_value')
  await expect(page.getByRole('region', { name: 'How the clocks would run.' }).getByRole('img').first()).toBeVisible()
}

async function importIt(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Save and import' }).first().click()
  await expect(page).toHaveURL(/\/sources\?import=/)
  await expect(page.getByRole('heading', { name: /is in\.$/ })).toBeVisible({ timeout: 30_000 })
  await page.getByRole('link', { name: 'See the gap' }).click()
  await expect(page).toHaveURL(address('/'))
  await expect(answer(page)).toContainText(/The report says [\d.]+\s%/)
}

test('an unknown table is mapped, seen, imported, and the first page speaks', async ({ page }) => {
  test.setTimeout(180_000)
  const heard = complaints(page)
  await signIn(page)
  await mapAll(page, 'koeln')
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [390, 768, 1440]) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height: 1000 })
      expect(await widthOverflow(page), `${width} px`).toBeLessThanOrEqual(0)
      const found = await new AxeBuilder({ page }).analyze()
      expect(found.violations.map((one) => `${width} ${colorScheme}: ${one.id} ${one.nodes[0]?.target}`)).toEqual([])
    }
  }
  await importIt(page)
  expect(heard).toEqual([])
})

test('the next file of that source needs no word, and tells no state again', async ({ page }) => {
  await signIn(page)
  await page.goto(address('/sources'))
  const [, accepted, , quarantined] = await equation(page)
  await page.getByLabel('File with events').setInputFiles(unknownTable('koeln'))
  await page.getByLabel('Source', { exact: true }).fill('koeln')
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await expect(page).toHaveURL(/\/sources\?import=/)
  await expect(page.getByRole('heading', { name: /is in\.$/ })).toBeVisible({ timeout: 30_000 })
  const after = await equation(page)
  expect([after[1], after[3]]).toEqual([accepted, quarantined])
})

test('an id of two columns and a row filter are answered, previewed, saved and shown again', async ({ page }) => {
  test.setTimeout(120_000)
  const heard = complaints(page)
  await signIn(page)
  await bring(page, unknownTable('bonn'), 'bonn')
  await sayColumns(page)
  await sayWords(page)
  await page.getByLabel('Time zone').fill('Europe/Berlin')
  await page.getByLabel('Order of dates').selectOption('day_first')
  await lookAgain(page)
  const before = await answer(page).innerText()
  // Folded away, and opened by keyboard.
  await expect(page.getByLabel('Id of an item')).toBeHidden()
  await page.getByText('More: ids, fixed values, rows, words').focus()
  await page.keyboard.press('Enter')
  await page.getByLabel('Id of an item').fill('{Prüfkennung}/{Rechner}/{Nirgends}')
  await page.getByLabel('Id of an item').press('Tab')
  await expect(page.getByText(/has no column .Nirgends/).first()).toBeVisible()
  await page.getByLabel('Id of an item').fill('{Prüfkennung}/{Rechner}')
  await page.getByLabel('Column of the filter, line 1').selectOption('Stufe')
  await page.getByLabel('Test of the filter, line 1').selectOption('not_in')
  await page.getByLabel('Words of the filter, line 1').fill('HOCH')
  await page.getByLabel('What is fixed, line 1').selectOption({ label: 'Class of the asset' })
  await page.getByLabel('Fixed value, line 1').fill('server')
  await page.getByLabel('Fixed value, line 1').press('Tab')
  // The preview follows without a reload.
  await expect(page.getByRole('row', { name: /left out by the row filter/ })).toBeVisible()
  expect(await answer(page).innerText()).not.toBe(before)
  await lookAgain(page)
  await expect(page.getByLabel('Id of an item')).toBeVisible()
  await expect(page.getByLabel('Words of the filter, line 1')).toHaveValue('HOCH')
  for (const width of [390, 1440]) {
    await page.setViewportSize({ width, height: 1000 })
    expect(await widthOverflow(page), `${width} px`).toBeLessThanOrEqual(0)
    const found = await new AxeBuilder({ page }).analyze()
    expect(found.violations.map((one) => `${width}: ${one.id} ${one.nodes[0]?.target}`)).toEqual([])
  }
  await importIt(page)
  await page.goto(address('/sources/mapping/bonn'))
  await expect(page.getByText('{Prüfkennung}/{Rechner}').first()).toBeVisible()
  await expect(page.getByText('Stufe says something other than: HOCH').first()).toBeVisible()
  await page.getByRole('button', { name: 'Ask about the next file before it is imported' }).click()
  await bring(page, unknownTable('bonn'), 'bonn')
  await expect(page.getByLabel('Id of an item')).toHaveValue('{Prüfkennung}/{Rechner}')
  await expect(page.getByLabel('Column of the filter, line 1')).toHaveValue('Stufe')
  await expect(page.getByLabel('Fixed value, line 1')).toHaveValue('server')
  expect(heard).toEqual([])
})

test('what is missing is said beside its field, and a draft can be discarded', async ({ page }) => {
  await signIn(page)
  await bring(page, unknownTable('graz'), 'graz')
  await page.getByLabel('Meaning of Rechner', { exact: true }).selectOption({ label: 'First detected' })
  await page.getByLabel('Time zone').fill('Middle/Earth')
  await page.getByRole('button', { name: 'Save and import' }).first().click()
  await expect(page).toHaveURL(/\/sources\/map\/[a-z0-9]+#asked/)
  await expect(page.getByLabel('Time zone')).toHaveValue('Middle/Earth')
  await expect(page.getByLabel('Time zone')).toHaveAttribute('aria-invalid', 'true')
  await expect(page.getByLabel('Meaning of Gefunden am', { exact: true })).toHaveAttribute('aria-invalid', 'true')
  const missing = await needed(page)
  expect(missing.some((ask) => ask.includes('both mean'))).toBe(true)
  const draft = page.url().split('#')[0]
  await page.goto(address('/sources'))
  await page.getByRole('link', { name: 'graz-befunde.csv' }).click()
  await page.getByText('Discard this file', { exact: true }).first().click()
  await page.getByRole('button', { name: 'Discard it' }).first().click()
  await expect(page).toHaveURL(address('/sources'))
  await page.goto(draft)
  await expect(answer(page)).toHaveText('No file waits here.')
})

test.describe('without script', () => {
  test.use({ javaScriptEnabled: false })

  test('the same way leads to the first page', async ({ page }) => {
    test.setTimeout(120_000)
    await signIn(page)
    await mapAll(page, 'linz')
    await importIt(page)
  })
})
