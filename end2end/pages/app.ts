// What a person does on any page: sign in, go somewhere, read the answer.
import { expect, type Locator, type Page } from '@playwright/test'
import { OWNER } from '../fixtures/start'

export function address(path: string): string {
  return `${process.env.WALLCLOCK_ADDRESS}${path}`
}

/** Collects what must never happen in a browser: console errors, page errors, policy violations. */
export function complaints(page: Page): string[] {
  const heard: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') heard.push(message.text())
  })
  page.on('pageerror', (error) => heard.push(String(error)))
  return heard
}

export async function signIn(page: Page, next = '/'): Promise<void> {
  await page.goto(address(`/sign-in?next=${encodeURIComponent(next)}`))
  await page.getByLabel('E-mail').fill(OWNER.email)
  await page.getByLabel('Password').fill(OWNER.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(address(next))
}

export function answer(page: Page): Locator {
  return page.getByRole('heading', { level: 1 })
}

export async function widthOverflow(page: Page): Promise<number> {
  return await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
}
