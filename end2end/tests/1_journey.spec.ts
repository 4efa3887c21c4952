// From an empty server to one item: what a newcomer does first.
import { expect, test } from '@playwright/test'
import { brokenFile, sampleFile } from '../fixtures/sample'
import { address, answer, complaints, signIn } from '../pages/app'
import { equation, importFile } from '../pages/sources'

test.describe.configure({ mode: 'serial' })

test('a stranger is asked to sign in and comes back to where they wanted to go', async ({ page }) => {
  await page.goto(address('/clocks'))
  await expect(page).toHaveURL(/\/sign-in\?next=/)
  await signIn(page, '/clocks')
  await expect(answer(page)).toBeVisible()
})

test('an empty server says what is missing and what to do next', async ({ page }) => {
  await signIn(page)
  await expect(answer(page)).toHaveText('There is nothing to compare yet.')
  await expect(page.getByRole('main').getByRole('link', { name: /file/i }).first()).toHaveAttribute('href', /sources/)
})

test('an imported file changes the first sentence, and the ledger adds up', async ({ page }) => {
  const heard = complaints(page)
  await signIn(page)
  await importFile(page, sampleFile())
  const [received, accepted, duplicate, quarantined] = await equation(page)
  expect(received).toBe(accepted + duplicate + quarantined)
  expect(accepted).toBeGreaterThan(1_000)
  await page.goto(address('/'))
  await expect(answer(page)).toContainText(/The report says [\d.]+\s%/)
  expect(heard).toEqual([])
})

test('the same file again is all duplicate', async ({ page }) => {
  await signIn(page)
  const before = await (async () => {
    await page.goto(address('/sources'))
    return equation(page)
  })()
  await importFile(page, sampleFile())
  const after = await equation(page)
  expect(after[1]).toBe(before[1])
  expect(after[2] - before[2]).toBe(before[0])
})

test('a broken file loses nothing: the good line counts, the others wait with their reasons', async ({ page }) => {
  await signIn(page)
  await importFile(page, brokenFile())
  await expect(page.getByText('naive_time')).toBeVisible()
  await expect(page.getByText('unreadable')).toBeVisible()
  await page.goto(address('/items?q=good-host'))
  await expect(page.getByRole('link', { name: 'CVE-2025-1@good-host' })).toBeVisible()
})

test('from the first page to one item and its two clocks', async ({ page }) => {
  const heard = complaints(page)
  await signIn(page)
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Items' }).click()
  await page.getByRole('table').getByRole('rowheader').getByRole('link').first().click()
  await expect(page).toHaveURL(/\/items\/.+/)
  await expect(page.getByRole('img').first()).toBeVisible()
  await expect(page.getByRole('table', { name: /label/i })).toBeVisible()
  expect(heard).toEqual([])
})
