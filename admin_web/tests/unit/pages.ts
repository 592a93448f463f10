import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { vi } from 'vitest'
import type { Component } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'

/** What the service answers by path: JSON with 200, another status, or `never` for no answer at all. */
export type Answers = Record<string, unknown>
export const never = Symbol('never')
export const away = Symbol('away')

export interface Refusal { status: number; error: string }
export const refuse = (status: number, error: string): Refusal => ({ status, error })

/** A page over a service that answers so. */
export async function open(page: Component, answers: Answers, props: Record<string, unknown> = {}): Promise<VueWrapper> {
  setActivePinia(createPinia())
  vi.stubGlobal('fetch', vi.fn((input: Request | string) => {
    const path = new URL(typeof input === 'string' ? input : input.url, location.origin).pathname
    const answer = answers[path]
    if (answer === never) return new Promise(() => undefined)
    if (answer === away || answer === undefined) return Promise.reject(new TypeError('no way there'))
    const refused = typeof answer === 'object' && answer !== null && 'status' in answer && 'error' in answer
    return Promise.resolve(new Response(JSON.stringify(refused ? { error: answer.error } : answer), { status: refused ? Number(answer.status) : 200, headers: { 'content-type': 'application/json' } }))
  }))
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:rest(.*)*', component: { template: '<p></p>' } }] })
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  const mounted = mount(page, { props, attachTo: document.body, global: { plugins: [router, [VueQueryPlugin, { queryClient }]] } })
  await flushPromises()
  await new Promise((resolve) => setTimeout(resolve, 0))
  await flushPromises()
  return mounted
}
