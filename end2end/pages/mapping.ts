// Saying what an unknown file means.
import { expect, type Page } from '@playwright/test'
import { LEVELS, MEANINGS, STATES } from '../fixtures/unknown_table'
import { address } from './app'

export async function bring(page: Page, path: string, source: string): Promise<void> {
  await page.goto(address('/sources'))
  await page.getByLabel('File with events').setInputFiles(path)
  await page.getByLabel('Source', { exact: true }).fill(source)
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await expect(page).toHaveURL(/\/sources\/map\/[a-z0-9]+/)
}

/** What is needed before the file can be imported, as the summary lists it. */
export async function needed(page: Page): Promise<string[]> {
  const list = page.getByRole('region', { name: 'What still has to be said' })
  return (await list.count()) === 0 ? [] : await list.getByRole('link').allInnerTexts()
}

export async function lookAgain(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Preview again' }).first().click()
  await page.waitForLoadState()
}

export async function sayColumns(page: Page): Promise<void> {
  for (const [column, meaning] of MEANINGS) {
    await page.getByLabel(`Meaning of ${column}`, { exact: true }).selectOption({ label: meaning })
  }
}

export async function sayWords(page: Page): Promise<void> {
  for (const [word, meaning] of [...STATES, ...LEVELS]) {
    await page.getByLabel(`Meaning of ${word}`, { exact: true }).selectOption({ label: meaning })
  }
}
