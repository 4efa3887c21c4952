// Bringing a file, and what the page says about it.
import { expect, type Page } from '@playwright/test'
import { address } from './app'

export async function importFile(page: Page, path: string): Promise<void> {
  await page.goto(address('/sources'))
  await page.getByLabel('File with events').setInputFiles(path)
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await expect(page.getByRole('heading', { name: /is in\.$/ })).toBeVisible({ timeout: 30_000 })
}

/** The four numbers of the organisation's ledger, in the order in which they are printed. */
export async function equation(page: Page): Promise<number[]> {
  const ledger = page.getByRole('region', { name: 'The ledger balances.' })
  const numbers = await ledger.locator('.amount').allInnerTexts()
  return numbers.map((text) => Number(text.replace(/[^0-9]/g, '')))
}
