// The export of a known tool with a status of its own: the page asks what it means, shows the effect, and keeps the answer.
import { expect, test, type Page } from '@playwright/test'
import { issues } from '../fixtures/issues'
import { address, complaints, signIn } from '../pages/app'
import { bring, lookAgain } from '../pages/mapping'

const STATUS = 'Meaning of Beim Lieferanten'

async function explain(page: Page, source: string): Promise<void> {
  await bring(page, issues(source), source)
  await expect(page.getByRole('heading', { name: 'What do the statuses mean?' })).toBeVisible()
  await expect(page.getByText(/1 of 2 words of the statuses, met 4 times, mean nothing yet/)).toBeVisible()
  await page.getByLabel('Time zone').fill('Europe/Berlin')
  await page.getByLabel(STATUS, { exact: true }).focus()
  await page.getByLabel(STATUS, { exact: true }).selectOption({ label: 'Done: fixed' })
}

async function importIt(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Save and import' }).first().click()
  await expect(page).toHaveURL(/\/sources\?import=/)
  await expect(page.getByRole('heading', { name: /is in\.$/ })).toBeVisible({ timeout: 30_000 })
}

test('a status of its own is explained, and the preview follows without a reload', async ({ page }) => {
  test.setTimeout(120_000)
  const heard = complaints(page)
  await signIn(page)
  await explain(page, 'linzjira')
  const events = page.getByRole('table', { name: 'Events by name' })
  await expect(events.getByRole('row', { name: /closed 4/ })).toBeVisible()
  await expect(page.getByLabel(STATUS, { exact: true })).toBeFocused()
  await page.getByLabel(STATUS, { exact: true }).selectOption({ label: 'Waiting for a vendor' })
  await expect(events.getByRole('row', { name: /closed/ })).toHaveCount(0)
  await importIt(page)
  expect(heard).toEqual([])
})

test('what was saved is seen, and a word that comes later is named with the way to explain it', async ({ page }) => {
  await signIn(page)
  await page.goto(address('/sources'))
  await page.getByLabel('File with events').setInputFiles(issues('linzjira', true))
  await page.getByLabel('Source', { exact: true }).fill('linzjira')
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await expect(page).toHaveURL(/\/sources\?import=/)
  await page.goto(address('/imports?source=linzjira'))
  await expect(page.getByText(/status_unknown: \d+ times, as Verschoben/)).toBeVisible()
  await page.getByRole('link', { name: 'Say what these words mean in the mapping of the source' }).first().click()
  await expect(page.getByText('Waiting for a vendor').first()).toBeVisible()
  await page.getByRole('button', { name: 'Ask about the next file before it is imported' }).click()
  await bring(page, issues('linzjira', true), 'linzjira')
  await expect(page.getByRole('heading', { name: /It begins with version \d+ of the mapping of linzjira/ })).toBeVisible()
  await expect(page.getByLabel(STATUS, { exact: true })).toHaveValue('waiting:vendor')
  await expect(page.getByLabel('Meaning of Verschoben', { exact: true })).toHaveValue('')
})

test.describe('without script', () => {
  test.use({ javaScriptEnabled: false })

  test('the same answers are given', async ({ page }) => {
    await signIn(page)
    await explain(page, 'wienjira')
    await lookAgain(page)
    await expect(page.getByLabel(STATUS, { exact: true })).toHaveValue('fixed')
    await importIt(page)
  })
})
