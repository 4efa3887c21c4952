// Reading, filtering, signing in and importing work without any script.
import { expect, test } from '@playwright/test'
import { brokenFile } from '../fixtures/sample'
import { address, answer, signIn } from '../pages/app'

test.use({ javaScriptEnabled: false })

test('sign in, filter, page and read an item', async ({ page }) => {
  await signIn(page)
  await expect(answer(page)).toContainText('The report says')
  await page.goto(address('/items'))
  await page.getByLabel('Severity').selectOption('critical')
  await page.getByRole('button', { name: 'Apply' }).click()
  await expect(page).toHaveURL(/severity=critical/)
  await page.getByRole('rowheader').getByRole('link').first().click()
  await expect(answer(page)).toBeVisible()
})

test('import a file through the plain form', async ({ page }) => {
  await signIn(page)
  await page.goto(address('/sources'))
  await page.getByLabel('File with events').setInputFiles(brokenFile())
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await expect(page).toHaveURL(/\/sources/)
  await expect(answer(page)).toBeVisible()
})

test('what few files need said opens by keyboard', async ({ page }) => {
  await signIn(page)
  await page.goto(address('/sources'))
  const exported = page.getByLabel('Exported at')
  await expect(exported).toBeHidden()
  await page.getByLabel('Exported from').focus()
  await page.keyboard.press('Tab')
  await expect(page.getByText('What few files need said')).toBeFocused()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  await expect(exported).toBeFocused()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Space')
  await expect(page.getByLabel('This file states everything in its scope')).toBeChecked()
})

test('sign out ends the session', async ({ page }) => {
  await signIn(page)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.goto(address('/'))
  await expect(page).toHaveURL(/\/sign-in/)
})
