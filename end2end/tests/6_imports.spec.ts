// A long import on its page: it is stopped, goes on, counts, and is taken back.
import { expect, type Locator, type Page, test } from '@playwright/test'
import { longFile } from '../fixtures/sample'
import { address, complaints, signIn } from '../pages/app'

test.describe.configure({ mode: 'serial' })

function job(page: Page): Locator {
  return page.locator('.import-job').filter({ hasText: 'long.ndjson' }).first()
}

/** The four numbers of the import. */
async function counts(page: Page): Promise<number[]> {
  const numbers = await job(page).locator('.amount').allInnerTexts()
  return numbers.map((text) => Number(text.replace(/[^0-9]/g, '')))
}

test('a long import is paused, resumed, published and taken back on its page', async ({ page, context }) => {
  test.setTimeout(120_000)
  await signIn(page)
  await page.goto(address('/sources'))
  await page.getByLabel('File with events').setInputFiles(longFile())
  await page.getByRole('button', { name: 'Import', exact: true }).click()

  const jobs = await context.newPage()
  const heard = complaints(jobs)
  await expect(async () => {
    await jobs.goto(address('/imports'))
    await job(jobs).getByRole('button', { name: /^Pause import/ }).click({ timeout: 500 })
  }).toPass()
  await expect(async () => {
    await jobs.goto(address('/imports'))
    await expect(job(jobs).getByRole('heading')).toContainText('paused', { timeout: 500 })
  }).toPass()
  const [received] = await counts(jobs)
  expect(received).toBeGreaterThan(0)

  await job(jobs).getByRole('button', { name: /^Resume import/ }).click()
  await expect(async () => {
    await jobs.goto(address('/imports'))
    await expect(job(jobs).getByRole('heading')).toContainText(': counts', { timeout: 500 })
  }).toPass({ timeout: 90_000 })
  const [all, accepted, duplicate, quarantined] = await counts(jobs)
  expect(all).toBeGreaterThan(received)
  expect(all).toBe(accepted + duplicate + quarantined)

  await job(jobs).getByText('Take this import back').click()
  await job(jobs).getByLabel('Type the name of the file').fill('long.ndjson')
  await job(jobs).getByRole('button', { name: 'Take it back' }).click()
  await expect(job(jobs).getByRole('heading')).toContainText('taken back')
  expect(heard).toEqual([])
})
