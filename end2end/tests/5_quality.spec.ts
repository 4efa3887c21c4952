// Twelve faulty lines: found, foreseen, mended together, counted again and taken away as a file.
import { readFileSync } from 'node:fs'
import { expect, test, type Page } from '@playwright/test'
import { faultyFile } from '../fixtures/sample'
import { address, answer, complaints, signIn } from '../pages/app'
import { importFile } from '../pages/sources'

async function waiting(page: Page): Promise<number> {
  const text = await answer(page).innerText()
  return Number((text.match(/^[\d\s ]+/)?.[0] ?? '0').replace(/\D/g, ''))
}

test('faulty lines are filtered, mended together, and what cannot go stays with its reason', async ({ page }) => {
  const heard = complaints(page)
  await signIn(page)
  await page.goto(address('/quality'))
  const before = await waiting(page)
  await importFile(page, faultyFile())
  await page.goto(address('/quality'))
  expect(await waiting(page)).toBe(before + 12)

  await page.getByLabel('Letters of the line').fill('q-host')
  await page.getByRole('search').getByRole('button', { name: 'Apply' }).click()
  await expect(page.getByRole('heading', { name: '12 lines match.' })).toBeVisible()

  await page.getByRole('radio', { name: /All 12 that match/ }).check()
  await page.getByRole('radio', { name: /read in a zone/ }).check()
  await page.getByLabel('Zone', { exact: true }).fill('Europe/Madrid')
  await page.getByRole('button', { name: 'Show what would happen' }).click()
  await expect(page.getByRole('heading', { name: 'What would happen to 12 lines.' })).toBeVisible()
  await expect(page.getByRole('region', { name: 'What would happen to 12 lines.' }).getByText('dst_gap')).toBeVisible()

  await page.getByRole('button', { name: 'Release 10 lines' }).click()
  await expect(page.getByRole('heading', { name: '12 lines decided.' })).toBeVisible()
  await expect(page.getByRole('heading', { name: '2 lines match.' })).toBeVisible()
  expect(await waiting(page)).toBe(before + 2)

  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: 'All of them as CSV' }).click()
  const file = readFileSync(await (await download).path(), 'utf8')
  expect(file.split('\r\n').filter((row) => row.startsWith('"')).length).toBe(1 + 2)
  await page.goto(address('/items?q=q-host'))
  expect(await waiting(page)).toBe(10)
  expect(heard).toEqual([])
})

test('one line is ticked and dismissed with the keyboard alone', async ({ page }) => {
  await signIn(page)
  await page.goto(address('/quality?q=q-host&reason=unreadable'))
  const tick = page.getByRole('checkbox').first()
  await tick.focus()
  await page.keyboard.press('Space')
  await page.getByRole('radio', { name: /Dismiss them/ }).focus()
  await page.keyboard.press('Space')
  await page.getByLabel('Reason', { exact: true }).last().fill('not ours')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'What would happen to 1 line.' })).toBeVisible()
  const confirm = page.getByRole('button', { name: 'Dismiss 1 line' })
  await confirm.focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: '1 line decided.' })).toBeVisible()
})
